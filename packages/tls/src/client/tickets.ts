import type { TLSSocket } from 'node:tls';

/**
 * The tickets of one server: with the last of them a later connection resumes the session, and neither
 * side proves itself again. For one server and one way to trust it: others need tickets of their own. A
 * server that is trusted by its fingerprint proves itself each time.
 */
export class TlsTickets {
  #last: Buffer | undefined;
  #resumed = false;

  /** The ticket for the next connection; undefined while there is none. */
  get last(): Buffer | undefined {
    return this.#last;
  }

  /** True when the connection whose handshake was the last to end resumed a session. */
  get resumed(): boolean {
    return this.#resumed;
  }

  /** Keeps the tickets that come over this connection, if its server is one that is trusted. */
  watch(socket: TLSSocket): void {
    socket.on('session', (ticket: Buffer) => {
      // The name of a server is not looked at again when a session is resumed.
      if (socket.authorized) this.#last = ticket;
    });
    socket.once('secureConnect', () => {
      this.#resumed = socket.isSessionReused();
    });
  }
}

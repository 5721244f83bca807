import type { Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';

/** The part of a socket's handle that is used. Node.js does not document it. */
interface Handle {
  /** Fills in the address of the peer. Returns 0, or a negative number for an error. */
  getpeername(address: object): number;
}

/**
 * Watches a connection that HTTP/2 has over TLS, for an end of TCP that nobody tells.
 *
 * When a reset meets a write of TLS, the write fails. Node.js drops the error, and HTTP/2 writes again.
 * TLS lets this write wait for the failed one, for ever, and HTTP/2 does not read while a write is under
 * way. So the end of the connection is not read either. See docs/decisions/0034.
 */
export class ResetWatch {
  readonly #secure: Socket;
  #bytesWritten = 0;
  #over = false;

  /** @param secure TLS over TCP */
  constructor(secure: Socket) {
    this.#secure = secure;
  }

  /**
   * Returns true when the connection is to be cut: TCP had ended at the last look, and nobody has
   * closed the connection since. To be called about once a second.
   */
  look(): boolean {
    if (this.#over) return true;
    // Without a write, HTTP/2 reads, and sees the end by itself.
    const { bytesWritten } = this.#secure;
    if (bytesWritten === this.#bytesWritten) return false;
    this.#bytesWritten = bytesWritten;
    const { _handle: handle } = this.#secure as unknown as {
      readonly _handle?: Partial<Handle> | null;
    };
    // The kernel knows the peer until both sides have ended, or one has reset the connection.
    this.#over = (handle?.getpeername?.({}) ?? 0) < 0;
    return false;
  }
}

const lookMs = 1_000;

/**
 * Watches the connection of a client from the end of its handshake on, and cuts it when TCP has ended.
 *
 * @param secure TLS over TCP, whose handshake is not done
 */
export function watchResets(secure: TLSSocket): void {
  secure.once('secureConnect', () => {
    const watch = new ResetWatch(secure);
    const timer = setInterval(() => {
      if (watch.look()) secure.destroy();
    }, lookMs).unref();
    secure.once('close', () => clearInterval(timer));
  });
}

import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';

/** Bytes that crossed a wire. */
export interface Traffic {
  /** From client to server. */
  readonly sent: number;
  /** From server to client. */
  readonly received: number;
}

/**
 * A place between a client and its server at which every byte is counted: of TCP's payload, whatever
 * the protocol above it makes of it.
 */
export class Tap {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  #sent = 0;
  #received = 0;
  #lastByteAt = performance.now();

  private constructor(host: string, port: number) {
    this.#server = createServer({ noDelay: true, allowHalfOpen: true }, (client) => {
      const server = connect({ host, port, noDelay: true, allowHalfOpen: true });
      this.#pass(client, server, (bytes) => {
        this.#sent += bytes;
      });
      this.#pass(server, client, (bytes) => {
        this.#received += bytes;
      });
    });
  }

  /** Opens a tap in front of a server, on a free port of its host. */
  static async open(host: string, port: number): Promise<Tap> {
    const tap = new Tap(host, port);
    await new Promise<void>((resolve) => tap.#server.listen(0, host, resolve));
    return tap;
  }

  get host(): string {
    return (this.#server.address() as AddressInfo).address;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  /** What has crossed so far. */
  get traffic(): Traffic {
    return { sent: this.#sent, received: this.#received };
  }

  /** For how long nothing has crossed, in milliseconds. */
  get quietMs(): number {
    return performance.now() - this.#lastByteAt;
  }

  async close(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    for (const socket of this.#sockets) socket.destroy();
    await closed;
  }

  #pass(from: Socket, to: Socket, count: (bytes: number) => void): void {
    this.#sockets.add(from);
    from.on('data', (chunk) => {
      count(chunk.length);
      this.#lastByteAt = performance.now();
      to.write(chunk);
    });
    from.on('end', () => to.end());
    from.on('error', () => to.destroy());
    from.on('close', () => {
      this.#sockets.delete(from);
      to.destroy();
    });
  }
}

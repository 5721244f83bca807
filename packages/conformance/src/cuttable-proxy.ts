import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';

/** A TCP proxy between one client and its server, for cutting the one off from the other. */
export class CuttableProxy {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();

  private constructor(target: { readonly host: string; readonly port: number }) {
    this.#server = createServer({ allowHalfOpen: true, noDelay: true }, (client) => {
      this.#join(client, connect({ ...target, allowHalfOpen: true, noDelay: true }));
    });
  }

  /** Starts a proxy in front of `target`. */
  static async start(target: {
    readonly host: string;
    readonly port: number;
  }): Promise<CuttableProxy> {
    const proxy = new CuttableProxy(target);
    proxy.#server.listen(0, '127.0.0.1');
    await once(proxy.#server, 'listening');
    return proxy;
  }

  /** Where the client is to connect. */
  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  /** Resets every connection through this proxy, both ways, and takes no more. May be called again. */
  async cut(): Promise<void> {
    const closed = once(this.#server, 'close');
    if (this.#server.listening) this.#server.close();
    else return;
    for (const socket of this.#sockets) socket.resetAndDestroy();
    await closed;
  }

  #join(client: Socket, server: Socket): void {
    this.#watch(client, server);
    this.#watch(server, client);
    client.pipe(server);
    server.pipe(client);
  }

  #watch(socket: Socket, other: Socket): void {
    this.#sockets.add(socket);
    socket.on('error', () => other.resetAndDestroy());
    socket.on('close', () => {
      this.#sockets.delete(socket);
      other.destroy();
    });
  }
}

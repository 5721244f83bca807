import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';
import { TcpProxy, type TcpProxyOptions } from '../src/index.ts';

type ProxyOptions = Omit<TcpProxyOptions, 'host' | 'port'>;

/** A socket, and all that it has received. */
export class Peer {
  readonly socket: Socket;
  /** Resolves with the way in which the socket ended: `closed`, or the code of its error. */
  readonly over: Promise<string>;
  readonly reads: string[] = [];
  #ended = false;

  constructor(socket: Socket) {
    this.socket = socket;
    socket.on('data', (bytes) => this.#heard(() => this.reads.push(bytes.toString('latin1'))));
    socket.on('end', () =>
      this.#heard(() => {
        this.#ended = true;
      }),
    );
    this.over = new Promise((resolve) => {
      socket.on('error', (error: NodeJS.ErrnoException) => resolve(String(error.code)));
      socket.on('close', () => resolve('closed'));
    });
    onTestFinished(() => {
      socket.destroy();
    });
  }

  get text(): string {
    return this.reads.join('');
  }

  /** Resolves when it has received so many characters. */
  async heard(length: number): Promise<string> {
    while (this.text.length < length) await once(this.socket, 'heard');
    return this.text;
  }

  /** Resolves with all that it received when the other side has ended its stream. */
  async end(): Promise<string> {
    while (!this.#ended) await once(this.socket, 'heard');
    return this.text;
  }

  #heard(note: () => void): void {
    note();
    this.socket.emit('heard');
  }
}

/** A server behind a proxy; each connection to the proxy has its counterpart at the server. */
export class ProxiedServer {
  readonly proxy: TcpProxy;
  readonly #server: Server;

  private constructor(proxy: TcpProxy, server: Server) {
    this.proxy = proxy;
    this.#server = server;
  }

  static async start(options: ProxyOptions = {}): Promise<ProxiedServer> {
    const server = createServer({ allowHalfOpen: true, noDelay: true });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const proxy = await TcpProxy.open({ host: '127.0.0.1', port, ...options });
    onTestFinished(async () => {
      await proxy.close();
      server.close();
    });
    return new ProxiedServer(proxy, server);
  }

  /** Connects through the proxy; resolves with both ends once they are connected. */
  async connect(dial = () => this.dial()): Promise<{ client: Peer; server: Peer }> {
    const taken = once(this.#server, 'connection');
    const client = dial();
    const [socket] = (await taken) as [Socket];
    return { client, server: new Peer(socket) };
  }

  /** Connects to the proxy and waits for nothing. */
  dial(): Peer {
    const { host, port } = this.proxy;
    return new Peer(connect({ host, port, allowHalfOpen: true, noDelay: true }));
  }

  /** Accepts no more connections; the open ones stay. */
  stopListening(): void {
    this.#server.close();
  }
}

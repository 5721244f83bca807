import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';

/** A server that does what a test tells it, byte by byte. */
export class ScriptedServer {
  readonly #server: Server;
  readonly #connections: ScriptedConnection[] = [];

  private constructor(server: Server) {
    this.#server = server;
    server.on('connection', (socket) => {
      this.#connections.push(new ScriptedConnection(socket));
      server.emit('scripted');
    });
  }

  static async start(): Promise<ScriptedServer> {
    const server = createServer({ noDelay: true });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return new ScriptedServer(server);
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  /** The connection that came first, once it has come. */
  async connection(): Promise<ScriptedConnection> {
    if (this.#connections.length === 0) await once(this.#server, 'scripted');
    return this.#connections[0] as ScriptedConnection;
  }

  async stop(): Promise<void> {
    for (const connection of this.#connections) connection.socket.destroy();
    this.#server.close();
    await once(this.#server, 'close');
  }
}

/** The server's end of one connection. */
export class ScriptedConnection {
  readonly socket: Socket;
  readonly #ended: Promise<unknown>;
  #received = Buffer.alloc(0);

  constructor(socket: Socket) {
    this.socket = socket;
    this.#ended = Promise.race([once(socket, 'end'), once(socket, 'close')]);
    this.#ended.catch(() => {});
    socket.on('error', () => {});
    socket.on('data', (bytes) => {
      this.#received = Buffer.concat([this.#received, bytes]);
      socket.emit('scripted');
    });
  }

  /** The next `length` bytes that the client sends, as text in which `\x00` to `\xff` stand for themselves. */
  async read(length: number): Promise<string> {
    while (this.#received.length < length) await once(this.socket, 'scripted');
    const bytes = this.#received.subarray(0, length);
    this.#received = this.#received.subarray(length);
    return bytes.toString('latin1');
  }

  /** All that the client sends until its end of stream. */
  async readToEnd(): Promise<string> {
    await this.#ended;
    return this.read(this.#received.length);
  }

  /** Sends text, one byte a character. */
  write(text: string): void {
    this.socket.write(text, 'latin1');
  }

  /** Sends text so that every byte is a read of its own. */
  async writeByteByByte(text: string): Promise<void> {
    for (const byte of text) {
      await new Promise((resolve) => this.socket.write(byte, 'latin1', resolve));
      await new Promise((resolve) => setImmediate(resolve));
    }
  }

  /** Sends text, if any, and ends the stream. */
  end(text = ''): void {
    this.socket.end(text, 'latin1');
  }

  /** Cuts the connection with a RST. */
  reset(): void {
    this.socket.resetAndDestroy();
  }
}

import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

/** A plain TCP connection on which a test says and hears bytes; a character stands for one byte. */
export class RawClient {
  readonly #socket: Socket;
  #received = '';

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.setEncoding('latin1');
    socket.on('data', (text) => {
      this.#received += text;
    });
  }

  static async connect(port: number): Promise<RawClient> {
    const socket = connect({ host: '127.0.0.1', port, noDelay: true });
    await once(socket, 'connect');
    return new RawClient(socket);
  }

  /** Sends text in one segment. */
  write(text: string): void {
    this.#socket.write(text, 'latin1');
  }

  /** The next `length` bytes. */
  async read(length: number): Promise<string> {
    while (this.#received.length < length) await once(this.#socket, 'data');
    const text = this.#received.slice(0, length);
    this.#received = this.#received.slice(length);
    return text;
  }

  /** Returns the bytes that came and were not read, once the server has ended the stream. */
  async readToEnd(): Promise<string> {
    if (!this.#socket.readableEnded) await once(this.#socket, 'end');
    return this.read(this.#received.length);
  }

  end(): void {
    this.#socket.end();
  }

  destroy(): void {
    this.#socket.destroy();
  }
}

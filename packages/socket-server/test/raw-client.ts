import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

/** A client that knows no protocol: it says and hears bytes, as text of one character a byte. */
export class RawClient {
  readonly socket: Socket;
  /** Resolves when the socket is closed, by whomever and however. */
  readonly closed: Promise<void>;
  #received: Buffer[] = [];
  #receivedBytes = 0;
  #over = false;

  private constructor(socket: Socket) {
    this.socket = socket;
    this.closed = new Promise((resolve) => socket.once('close', () => resolve()));
    socket.on('error', () => {});
    socket.on('data', (bytes) => {
      this.#received.push(bytes);
      this.#receivedBytes += bytes.length;
      socket.emit('heard');
    });
    for (const over of ['end', 'close']) {
      socket.on(over, () => {
        this.#over = true;
        socket.emit('heard');
      });
    }
  }

  static async connect(port: number, host = '127.0.0.1'): Promise<RawClient> {
    const socket = connect({ port, host, noDelay: true, allowHalfOpen: true });
    const client = new RawClient(socket);
    await once(socket, 'connect');
    return client;
  }

  /** Says all of this at once. */
  say(text: string): void {
    this.socket.write(text, 'latin1');
  }

  /** Says this so that every byte leaves in a segment of its own. */
  async sayByteByByte(text: string): Promise<void> {
    for (const byte of text) {
      await new Promise((resolve) => this.socket.write(byte, 'latin1', resolve));
      await new Promise((resolve) => setImmediate(resolve));
    }
  }

  /** The next `length` bytes. Rejects when the server says fewer and ends. */
  async hear(length: number): Promise<string> {
    while (this.#receivedBytes < length) {
      if (this.#over) throw new Error(`the server ended after ${JSON.stringify(this.#take())}`);
      await once(this.socket, 'heard');
    }
    return this.#take(length);
  }

  /** Whatever has come, at least one byte. Rejects when the server ends before. */
  async hearSome(): Promise<string> {
    return this.hear(Math.max(1, this.#receivedBytes));
  }

  /** Everything up to the server's end of stream, which has to come. */
  async hearToEnd(): Promise<string> {
    while (!this.#over) await once(this.socket, 'heard');
    return this.#take();
  }

  /** Says this and hears as many bytes as the response is expected to have. */
  ask(text: string, responseBytes: number): Promise<string> {
    this.say(text);
    return this.hear(responseBytes);
  }

  /** Says this, if anything, and ends this side of the stream; the other side can still be heard. */
  end(text = ''): void {
    this.socket.end(text, 'latin1');
  }

  /** Cuts the connection with a RST. */
  reset(): void {
    this.socket.resetAndDestroy();
  }

  /** Ends this side, throws away what the server says, and resolves when both sides are closed. */
  async leave(): Promise<void> {
    this.socket.end();
    this.socket.resume();
    await this.closed;
  }

  #take(length = this.#receivedBytes): string {
    const all = Buffer.concat(this.#received);
    this.#received = [all.subarray(length)];
    this.#receivedBytes -= length;
    return all.toString('latin1', 0, length);
  }
}

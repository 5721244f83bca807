import { connect, type Socket } from 'node:net';
import { ChatError, ConnectionFailures } from '@tandem/core';
import type { Target } from '../lane.ts';

/** The events that a connection reports to its owner. */
export interface ConnectionListener {
  /** Called with the bytes of one read, which are only valid during the call. */
  received(read: Buffer): void;
  /** Called once: nothing more can be sent or received, because of `error`. */
  ended(error: ChatError): void;
}

// As much as Node.js reads at a time by itself, and into one buffer, as the client of the framed dialect
// does. A longer text is cut.
const readBytesMax = 64 * 1024;

const connectTimeoutMs = 10_000;
const keepAliveInitialDelayMs = 30_000;

/** The longest wait for the server to end its side before the socket is destroyed, in milliseconds. */
const closeTimeoutMs = 2_000;

/** A TCP connection in the seed dialect: bytes both ways from the first one on. [P-7] */
export class Connection {
  /** Resolves when bytes may be sent; rejects when the connection fails before. */
  readonly connected: Promise<void>;
  /** Resolves when the connection is over: with the error that broke it, or undefined after {@link close}. */
  readonly closed: Promise<ChatError | undefined>;
  readonly failures: Failures;
  readonly #listener: ConnectionListener;
  readonly #socket: Socket;
  readonly #socketClosed: Promise<void>;
  readonly #connected = Promise.withResolvers<void>();
  readonly #closed = Promise.withResolvers<ChatError | undefined>();
  readonly #connectTimer: NodeJS.Timeout;
  #up = false;
  #over = false;
  #closing: Promise<void> | undefined;

  constructor({ host, port }: Target, listener: ConnectionListener) {
    this.failures = new Failures({ host, address: host, port }, 'socket');
    this.connected = this.#connected.promise;
    this.closed = this.#closed.promise;
    this.#listener = listener;
    this.#socket = connect({
      host,
      port,
      noDelay: true,
      keepAlive: true,
      keepAliveInitialDelay: keepAliveInitialDelayMs,
      onread: {
        buffer: Buffer.allocUnsafeSlow(readBytesMax),
        callback: (length, buffer) => this.#read((buffer as Buffer).subarray(0, length)),
      },
    });
    this.#socketClosed = new Promise((resolve) => this.#socket.once('close', () => resolve()));
    this.#connectTimer = setTimeout(
      () => this.fail(this.failures.connectTimeout(connectTimeoutMs, false)),
      connectTimeoutMs,
    );
    this.#socket.once('connect', () => this.#tcpConnected());
    this.#socket.once('end', () => this.fail(this.failures.lost(undefined)));
    this.#socket.on('error', (cause) => this.#failed(cause));
  }

  /** Sends a request by itself, since requests in one write would be read as one text. [P-7.2] */
  write(request: Buffer): void {
    if (!this.#over) this.#socket.write(request);
  }

  /** Breaks the connection. Does nothing once it is over. */
  fail(error: ChatError): void {
    if (this.#over) return;
    this.#end(error);
    this.#socket.destroy();
    this.#connected.reject(error);
    this.#closed.resolve(error);
  }

  /** Ends its side and waits for the server's end; may be called again. */
  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    if (!this.#over) {
      this.#end(this.failures.closed());
      this.#socket.end();
      const timer = setTimeout(() => this.#socket.destroy(), closeTimeoutMs);
      await this.#socketClosed;
      clearTimeout(timer);
      this.#closed.resolve(undefined);
    }
    await this.#socketClosed;
  }

  #end(error: ChatError): void {
    this.#over = true;
    clearTimeout(this.#connectTimer);
    this.#listener.ended(error);
  }

  #tcpConnected(): void {
    this.#up = true;
    clearTimeout(this.#connectTimer);
    this.#connected.resolve();
  }

  #failed(cause: Error): void {
    this.fail(this.#up ? this.failures.lost(cause) : this.failures.connectFailed(cause));
  }

  #read(read: Buffer): boolean {
    if (!this.#over) this.#listener.received(read);
    return true;
  }
}

/** The errors of the seed dialect's client. It has no greeting, so it cannot know who answers. */
export class Failures extends ConnectionFailures {
  /** The stream ended. A shutdown is not announced in this dialect, and looks the same. [P-7.6] */
  lost(cause: Error | undefined): ChatError {
    return new ChatError('connection-lost', `${this.server} ended the connection`, { cause });
  }
}

import { connect, type Socket } from 'node:net';
import { type Attempt, type ChatError, framedVersion } from '@tandem/core';
import { Failures } from './failures.ts';

/**
 * A connection's life, in this order; any state may be followed by `ended`:
 *
 * - `connecting`: TCP is not yet up
 * - `greeting`: bytes may be sent; the server's version byte has not arrived
 * - `open`: both sides speak the same version
 * - `closing`: this side has ended; what still arrives is ignored
 * - `ended`: nothing more is sent or received
 */
export type ConnectionState = 'connecting' | 'greeting' | 'open' | 'closing' | 'ended';

/** The options of a connection. */
export interface ConnectionOptions extends Attempt {
  /** Connects only when the server has sent its version. */
  readonly waitForVersion: boolean | undefined;
}

/** Is told of the events of a connection. */
export interface ConnectionListener {
  /** Takes bytes after the version byte. They are only valid during the call. */
  received(bytes: Buffer): void;
  /** Returns the error for a stream that ended after the version byte, cleanly or not. */
  lost(cause: Error | undefined): ChatError;
  /** Takes the error that ended the connection. Called once: nothing more is sent or received. */
  ended(error: ChatError): void;
}

// One buffer for all reads saves an allocation for each. What does not fit comes with the next read.
const readBytesMax = 16 * 1024;

/** The time that a server has to end its side before the socket is cut, in milliseconds. */
const closeTimeoutMs = 2_000;

const keepAliveInitialDelayMs = 30_000;

/** A TCP connection in the framed dialect: versions exchanged, then bytes both ways. [P-6.1] */
export class Connection {
  /** Resolves when bytes may be sent, or when the versions agree; rejects when the connection fails before. */
  readonly connected: Promise<void>;
  /** Resolves when the connection is over: with the error that broke it, or undefined after {@link close}. */
  readonly closed: Promise<ChatError | undefined>;
  readonly failures: Failures;
  readonly #options: ConnectionOptions;
  readonly #listener: ConnectionListener;
  readonly #socket: Socket;
  readonly #socketClosed: Promise<void>;
  readonly #connected = Promise.withResolvers<void>();
  readonly #closed = Promise.withResolvers<ChatError | undefined>();
  readonly #greetingTimer: NodeJS.Timeout;
  #state: ConnectionState = 'connecting';
  #closing: Promise<void> | undefined;
  // The frames of this turn of the event loop leave together, the version byte with the first of them.
  #frames: Buffer[] = [Buffer.of(framedVersion)];
  #flushScheduled = false;

  constructor(options: ConnectionOptions, listener: ConnectionListener) {
    this.failures = new Failures(options.place);
    this.connected = this.#connected.promise;
    this.closed = this.#closed.promise;
    this.#options = options;
    this.#listener = listener;
    this.#socket = this.#openSocket();
    this.#greetingTimer = this.#startGreetingTimer();
    this.#socketClosed = new Promise((resolve) => this.#socket.once('close', resolve));
    options.signal?.addEventListener('abort', this.#abort, { once: true });
    if (options.signal?.aborted) this.#abort();
  }

  get state(): ConnectionState {
    return this.#state;
  }

  /** Sends a frame at the end of this turn of the event loop, with all others of it. Does nothing once over. */
  write(frame: Buffer): void {
    if (this.#state === 'closing' || this.#state === 'ended') return;
    this.#frames.push(frame);
    if (this.#flushScheduled || this.#state === 'connecting') return;
    this.#flushScheduled = true;
    process.nextTick(this.#flush);
  }

  /** Breaks the connection. Does nothing once it is closing or has ended. */
  fail(error: ChatError): void {
    if (this.#state === 'closing' || this.#state === 'ended') return;
    this.#end('ended', error);
    this.#socket.destroy();
    this.#connected.reject(error);
    this.#closed.resolve(error);
  }

  /** Sends what was written, ends this side, and waits for the server to end its own. May be called again. */
  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    if (this.#state !== 'ended') {
      this.#end('closing', this.failures.closed());
      this.#flush();
      this.#socket.end();
      const timer = setTimeout(() => this.#socket.destroy(), closeTimeoutMs);
      await this.#socketClosed;
      clearTimeout(timer);
      this.#state = 'ended';
      this.#closed.resolve(undefined);
    }
    await this.#socketClosed;
  }

  #end(state: 'closing' | 'ended', error: ChatError): void {
    this.#state = state;
    clearTimeout(this.#greetingTimer);
    this.#options.signal?.removeEventListener('abort', this.#abort);
    this.#listener.ended(error);
  }

  #openSocket(): Socket {
    const socket = connect({
      host: this.#options.place.address,
      port: this.#options.place.port,
      noDelay: true,
      keepAlive: true,
      keepAliveInitialDelay: keepAliveInitialDelayMs,
      onread: {
        buffer: Buffer.allocUnsafeSlow(readBytesMax),
        callback: (length, buffer) => this.#read(buffer as Buffer, length),
      },
    });
    socket.once('connect', () => this.#tcpConnected());
    socket.once('end', () => this.#streamEnded(undefined));
    socket.on('error', (cause) => this.#streamEnded(cause));
    return socket;
  }

  #startGreetingTimer(): NodeJS.Timeout {
    const timeoutMs = this.#options.connectTimeoutMs;
    return setTimeout(() => {
      this.fail(this.failures.connectTimeout(timeoutMs, this.#state === 'greeting'));
    }, timeoutMs);
  }

  #tcpConnected(): void {
    this.#state = 'greeting';
    if (!this.#options.waitForVersion) this.#settle();
    // Requests that the caller makes at once come before this, and take the version byte along.
    setImmediate(this.#flush);
  }

  #settle(): void {
    this.#options.signal?.removeEventListener('abort', this.#abort);
    this.#connected.resolve();
  }

  #read(buffer: Buffer, length: number): boolean {
    const greeting = this.#state === 'greeting';
    if (greeting) this.#greeted(buffer.subarray(0, length));
    const from = greeting ? 1 : 0;
    if (this.#state === 'open' && from < length) {
      this.#listener.received(buffer.subarray(from, length));
    }
    // After what came with it: a server that is busy says so at once. [P-6.10]
    if (greeting && this.#state === 'open') this.#settle();
    return true;
  }

  #greeted(begin: Uint8Array): void {
    if (begin[0] !== framedVersion) {
      this.fail(this.failures.versionMismatch(begin));
      return;
    }
    this.#state = 'open';
    clearTimeout(this.#greetingTimer);
  }

  #streamEnded(cause: Error | undefined): void {
    if (this.#state === 'connecting') this.fail(this.failures.connectFailed(cause));
    else if (this.#state === 'greeting') this.fail(this.failures.endedBeforeGreeting(cause));
    else if (this.#state === 'open') this.fail(this.#listener.lost(cause));
  }

  readonly #abort = (): void => {
    this.fail(this.failures.connectAborted(this.#options.signal?.reason));
  };

  readonly #flush = (): void => {
    this.#flushScheduled = false;
    const frames = this.#frames;
    if (frames.length === 0 || this.#state === 'ended') return;
    this.#frames = [];
    this.#socket.write(frames.length === 1 ? (frames[0] as Buffer) : Buffer.concat(frames));
  };
}

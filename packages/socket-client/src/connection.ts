import { connect, type NetConnectOpts, type Socket } from 'node:net';
import { type Attempt, type ChatError, framedVersion } from '@tandem/core';
import type { TlsProblem } from '@tandem/tls/client';
import { Failures } from './failures.ts';

/**
 * A connection's life, in this order; any state may be followed by `ended`:
 *
 * - `connecting`: TCP is not yet up
 * - `securing`: TLS is not yet agreed on
 * - `greeting`: bytes may be sent; the server's version byte has not arrived
 * - `open`: both sides speak the same version
 * - `closing`: this side has ended; what still arrives is ignored
 * - `ended`: nothing more is sent or received
 */
export type ConnectionState = 'connecting' | 'securing' | 'greeting' | 'open' | 'closing' | 'ended';

/** The options of a connection. */
export interface ConnectionOptions extends Attempt {
  /** Connects only when the server has sent its version. */
  readonly waitForVersion: boolean | undefined;
  /** TLS; undefined without. */
  readonly secure: SecureSocket | undefined;
}

/** The options of the socket of a connection. */
export type SocketOptions = NetConnectOpts;

/** Sockets with TLS. */
export interface SecureSocket {
  /** Begins to connect to a server that is called `host`. Emits `secureConnect` when TLS is agreed on. */
  open(options: SocketOptions, host: string): Socket;
  /** Says what is wrong with the server; undefined for nothing. To be asked before anything is sent. */
  check(socket: Socket): TlsProblem | undefined;
  /** Says what an error means; undefined for one of the network. */
  problem(error: unknown, host: string): TlsProblem | undefined;
}

/** Is told of the events of a connection. */
export interface ConnectionListener {
  /** Takes the bytes of a buffer from `start` to `end`, after the version byte. They are only valid during the call. */
  received(buffer: Buffer, start: number, end: number): void;
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
  #frames: Buffer[] | undefined = [Buffer.of(framedVersion)];
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

  /** The state in which it is; `ended` is the last one. */
  get state(): ConnectionState {
    return this.#state;
  }

  /** Sends a frame at the end of this turn of the event loop, with all others of it. Does nothing once over. */
  write(frame: Buffer): void {
    if (this.#state === 'closing' || this.#state === 'ended') return;
    if (this.#frames === undefined) this.#frames = [frame];
    else this.#frames.push(frame);
    if (this.#flushScheduled || this.#state === 'connecting' || this.#state === 'securing') return;
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
    const { place, secure } = this.#options;
    const options: SocketOptions = {
      host: place.address,
      port: place.port,
      noDelay: true,
      keepAlive: true,
      keepAliveInitialDelay: keepAliveInitialDelayMs,
      onread: {
        buffer: Buffer.allocUnsafeSlow(readBytesMax),
        callback: (length, buffer) => this.#read(buffer as Buffer, length),
      },
    };
    const socket = secure === undefined ? connect(options) : secure.open(options, place.host);
    socket.once('connect', () => this.#tcpConnected());
    socket.once('secureConnect', () => this.#secured());
    socket.once('end', () => this.#streamEnded(undefined));
    socket.on('error', (cause) => this.#streamEnded(cause));
    return socket;
  }

  #startGreetingTimer(): NodeJS.Timeout {
    const timeoutMs = this.#options.connectTimeoutMs;
    return setTimeout(() => {
      this.fail(this.failures.connectTimeout(timeoutMs, this.#state !== 'connecting'));
    }, timeoutMs);
  }

  #tcpConnected(): void {
    if (this.#options.secure === undefined) {
      this.#ready();
      return;
    }
    this.#state = 'securing';
    // TLS has these of the socket below it, and not by its options.
    this.#socket.setNoDelay(true).setKeepAlive(true, keepAliveInitialDelayMs);
  }

  #secured(): void {
    const problem = this.#options.secure?.check(this.#socket);
    if (problem !== undefined) this.fail(this.failures.tlsFailed(problem));
    else if (this.#state === 'securing') this.#ready();
  }

  /** Bytes may be sent. */
  #ready(): void {
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
      this.#listener.received(buffer, from, length);
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
    const { place, secure } = this.#options;
    const problem = cause && secure?.problem(cause, place.host);
    const greeted = this.#state === 'open';
    if (problem !== undefined && !greeted) this.fail(this.failures.tlsFailed(problem, cause));
    else if (this.#state === 'connecting') this.fail(this.failures.connectFailed(cause));
    else if (this.#state === 'securing') this.fail(this.failures.endedDuringTls(cause));
    else if (this.#state === 'greeting') this.fail(this.#endedBeforeGreeting(cause));
    else if (this.#state === 'open') this.fail(this.#listener.lost(cause));
  }

  #endedBeforeGreeting(cause: Error | undefined): ChatError {
    if (this.#options.secure !== undefined) return this.failures.endedOverTls(cause);
    return this.failures.endedBeforeGreeting(cause);
  }

  readonly #abort = (): void => {
    this.fail(this.failures.connectAborted(this.#options.signal?.reason));
  };

  readonly #flush = (): void => {
    this.#flushScheduled = false;
    const frames = this.#frames;
    if (frames === undefined || this.#state === 'ended') return;
    this.#frames = undefined;
    this.#socket.write(frames.length === 1 ? (frames[0] as Buffer) : Buffer.concat(frames));
  };
}

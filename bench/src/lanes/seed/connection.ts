import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { ChatError, ConnectionFailures } from '@tandem/core';
import type { Target } from '../lane.ts';

/** The state of a connection, whatever carries it. It ends once. */
export class Connection {
  /** Resolves when requests may be made; rejects when the connection fails before. */
  readonly connected: Promise<void>;
  /** Resolves when the connection is over: with the error that broke it, or undefined after a close. */
  readonly closed: Promise<ChatError | undefined>;
  readonly failures: Failures;
  readonly #closed = Promise.withResolvers<ChatError | undefined>();
  readonly #onEnd: (error: ChatError) => void;
  #over = false;

  /** @param onEnd called once: nothing more can be sent or received, because of the error */
  constructor(
    failures: Failures,
    onEnd: (error: ChatError) => void,
    connected = Promise.resolve(),
  ) {
    this.failures = failures;
    this.closed = this.#closed.promise;
    this.connected = connected;
    this.#onEnd = onEnd;
  }

  get over(): boolean {
    return this.#over;
  }

  /** Breaks the connection. Does nothing once it is over. */
  fail(error: ChatError): void {
    this.end(error, error);
  }

  /** @param reason the error that broke it; undefined when it was closed */
  end(error: ChatError, reason?: ChatError): void {
    if (this.#over) return;
    this.#over = true;
    this.#onEnd(error);
    this.#closed.resolve(reason);
  }
}

// As much as Node.js reads at a time by itself, and into one buffer, as the client of the framed dialect
// does. A longer text is cut.
const readBytesMax = 64 * 1024;

const keepAliveInitialDelayMs = 30_000;

/** A TCP connection in the seed dialect: bytes both ways from the first one on. [P-7] */
export class SeedConnection extends Connection {
  readonly #socket: Socket;
  readonly #socketClosed: Promise<unknown>;

  /** @param received takes the bytes of one read, which are only valid during the call */
  constructor(
    { host, port }: Target,
    received: (read: Buffer) => void,
    onEnd: (error: ChatError) => void,
  ) {
    const failures = new Failures({ host, address: host, port }, 'socket');
    const socket = connect({
      host,
      port,
      noDelay: true,
      keepAlive: true,
      keepAliveInitialDelay: keepAliveInitialDelayMs,
      onread: {
        buffer: Buffer.allocUnsafeSlow(readBytesMax),
        callback: (length, buffer) => {
          if (!this.over) received((buffer as Buffer).subarray(0, length));
          return true;
        },
      },
    });
    const connected = once(socket, 'connect').then(
      () => {},
      (cause: unknown) => {
        throw failures.connectFailed(cause);
      },
    );
    super(failures, onEnd, connected);
    this.#socket = socket;
    this.#socketClosed = new Promise((resolve) => socket.once('close', resolve));
    socket.once('end', () => this.fail(failures.lost(undefined)));
    socket.on('error', (cause) => this.fail(failures.lost(cause)));
  }

  /** Sends a request by itself, since requests in one write would be read as one text. [P-7.2] */
  write(request: Buffer): void {
    if (!this.over) this.#socket.write(request);
  }

  override fail(error: ChatError): void {
    super.fail(error);
    this.#socket.destroy();
  }

  /** Ends its side and waits for the server's end; may be called again. */
  async close(): Promise<void> {
    this.end(this.failures.closed());
    this.#socket.end();
    await this.#socketClosed;
  }
}

/** The errors of the clients of 2023. There is no greeting, so they cannot know who answers. */
export class Failures extends ConnectionFailures {
  /** The stream ended. A shutdown is not announced in this dialect, and looks the same. [P-7.6] */
  lost(cause: Error | undefined): ChatError {
    return new ChatError('connection-lost', `${this.server} ended the connection`, { cause });
  }
}

import type { Socket } from 'node:net';
import { Client, connectivityState, status as GrpcStatus } from '@grpc/grpc-js';
import type { Attempt, ChatError } from '@tandem/core';
import { authorityOf, channelOptions, targetOf, WatchedCredentials } from './channel.ts';
import { Failures } from './failures.ts';
import type { GrpcClientOptions } from './options.ts';

/**
 * A connection's life, in this order; any state may be followed by `ended`:
 *
 * - `connecting`: HTTP/2 is not yet up
 * - `open`: calls may be made
 * - `leaving`: the server takes no new calls, or is gone; those under way end by themselves
 * - `closing`: this side is saying goodbye; what still arrives is ignored
 * - `ended`: nothing more will be sent or heard
 */
export type ConnectionState = 'connecting' | 'open' | 'leaving' | 'closing' | 'ended';

/** What a connection is told. */
export interface ConnectionOptions
  extends Attempt,
    Pick<GrpcClientOptions, 'mode' | 'responseTimeoutMs'> {}

/** What a connection tells its owner. */
export interface ConnectionListener {
  /** Calls may be made. */
  opened(): void;
  /** No new calls may be made. */
  leaving(): void;
  /** Called once: nothing more can be asked, and what is still heard is ignored, because of `error`. */
  ended(error: ChatError): void;
  /** Called once, after that: calls that are still under way are to be cancelled. */
  cut(): void;
}

/** How long our goodbye may take before the calls are cut, in milliseconds. */
const closeTimeoutMs = 2_000;

/** One HTTP/2 connection to a server, watched: it never reconnects, as its end is its session's. */
export class Connection {
  /** Resolves when calls may be made; rejects when it does not come to that. */
  readonly connected: Promise<void>;
  /** Resolves when the connection is over: with the error that broke it, or undefined after {@link close}. */
  readonly closed: Promise<ChatError | undefined>;
  readonly failures: Failures;
  /** Makes calls on this connection. */
  readonly client: Client;
  readonly #options: ConnectionOptions;
  readonly #listener: ConnectionListener;
  readonly #connected = Promise.withResolvers<void>();
  readonly #closed = Promise.withResolvers<ChatError | undefined>();
  readonly #connectTimer: NodeJS.Timeout;
  #state: ConnectionState = 'connecting';
  /** The TCP connection below the channel, once it is up. */
  #socket: Socket | undefined;
  #opened = false;
  #closing: Promise<void> | undefined;

  constructor(options: ConnectionOptions, listener: ConnectionListener) {
    this.failures = new Failures(options.place);
    this.connected = this.#connected.promise;
    this.closed = this.#closed.promise;
    this.#options = options;
    this.#listener = listener;
    const credentials = new WatchedCredentials({ accepted: (socket) => this.#accepted(socket) });
    this.client = new Client(targetOf(options.place), credentials, {
      ...channelOptions,
      'grpc.default_authority': authorityOf(options.place),
    });
    this.#connectTimer = this.#startConnectTimer();
    options.signal?.addEventListener('abort', this.#abort, { once: true });
    if (options.signal?.aborted) this.#abort();
    else this.#look();
  }

  get state(): ConnectionState {
    return this.#state;
  }

  /**
   * Whether a call would go out on this connection. If not, it would connect anew, to a server that
   * knows nothing of this session. The channel knows it before {@link state} does.
   */
  get carriesCalls(): boolean {
    if (this.#state !== 'open' && this.#state !== 'closing') return false;
    return this.client.getChannel().getConnectivityState(false) === connectivityState.READY;
  }

  /** Breaks the connection, and every call on it. Does nothing once it is closing or has ended. */
  fail(error: ChatError): void {
    if (this.#state === 'closing' || this.#state === 'ended') return;
    this.#end('ended', error);
    this.#cut();
    this.#connected.reject(error);
    this.#closed.resolve(error);
  }

  /**
   * Disconnects; may be called again.
   *
   * @param goodbye what is still to be said; waited for, but not for ever
   */
  close(goodbye: () => Promise<void>): Promise<void> {
    this.#closing ??= this.#close(goodbye);
    return this.#closing;
  }

  async #close(goodbye: () => Promise<void>): Promise<void> {
    if (this.#state === 'ended') return;
    this.#end('closing', this.failures.closed());
    const timeout = Promise.withResolvers<void>();
    const timer = setTimeout(timeout.resolve, closeTimeoutMs);
    await Promise.race([goodbye(), timeout.promise]);
    clearTimeout(timer);
    this.#state = 'ended';
    this.#cut();
    this.#closed.resolve(undefined);
  }

  #end(state: 'closing' | 'ended', error: ChatError): void {
    this.#state = state;
    clearTimeout(this.#connectTimer);
    this.#options.signal?.removeEventListener('abort', this.#abort);
    this.#listener.ended(error);
  }

  // A channel that is closed leaves its calls alone, and they would keep the connection; one that has
  // not come up yet would keep its socket.
  #cut(): void {
    this.#listener.cut();
    this.client.close();
    if (!this.#opened) this.#socket?.destroy();
  }

  #startConnectTimer(): NodeJS.Timeout {
    const timeoutMs = this.#options.connectTimeoutMs;
    return setTimeout(() => {
      this.fail(this.failures.connectTimeout(timeoutMs, this.#socket !== undefined));
    }, timeoutMs);
  }

  #accepted(socket: Socket): boolean {
    this.#socket = socket;
    return this.#state === 'connecting';
  }

  /** Looks at the channel, and again when it has changed. */
  readonly #look = (): void => {
    if (this.#state !== 'connecting' && this.#state !== 'open') return;
    const channel = this.client.getChannel();
    const state = channel.getConnectivityState(this.#state === 'connecting');
    if (this.#state === 'open' && state !== connectivityState.READY) {
      this.#leave();
    } else if (this.#state === 'connecting' && state === connectivityState.TRANSIENT_FAILURE) {
      this.#explain();
    } else {
      // grpc-js calls back in the middle of its own change of state.
      const changed = () => process.nextTick(this.#look);
      channel.watchConnectivityState(state, Number.POSITIVE_INFINITY, changed);
      if (this.#state === 'connecting' && state === connectivityState.READY) this.#open();
    }
  };

  /** A channel does not say why it failed; a call on it does, without leaving this process. */
  #explain(): void {
    const pass = (bytes: Buffer) => bytes;
    const nothing = Buffer.alloc(0);
    this.client.makeUnaryRequest('/MessageService/-', pass, pass, nothing, (error) => {
      if (error?.code === GrpcStatus.UNAVAILABLE) this.fail(this.failures.channelFailed(error));
      // It has come up in the meantime.
      else this.#look();
    });
  }

  #open(): void {
    this.#state = 'open';
    this.#opened = true;
    clearTimeout(this.#connectTimer);
    this.#options.signal?.removeEventListener('abort', this.#abort);
    this.#listener.opened();
    this.#connected.resolve();
  }

  #leave(): void {
    this.#state = 'leaving';
    this.#listener.leaving();
  }

  readonly #abort = (): void => {
    this.fail(this.failures.connectAborted(this.#options.signal?.reason));
  };
}

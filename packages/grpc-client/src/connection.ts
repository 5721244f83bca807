import type { Socket } from 'node:net';
import { Client, connectivityState, status as GrpcStatus, type ServiceError } from '@grpc/grpc-js';
import type { Attempt, ChatError } from '@tandem/core';
import { type ClientTls, speaksTls, type TlsProblem } from '@tandem/tls/client';
import { authorityOf, channelOptions, targetOf, WatchedCredentials } from './channel.ts';
import { Failures } from './failures.ts';

/**
 * The states of a connection, in this order; any may be followed by `ended`:
 *
 * - `connecting`: HTTP/2 is not yet up
 * - `open`: calls may be made
 * - `draining`: the server takes no new calls, or is gone; calls under way end by themselves
 * - `closing`: this side ends its calls; what still arrives is ignored
 * - `ended`: nothing more is sent or received
 */
export type ConnectionState = 'connecting' | 'open' | 'draining' | 'closing' | 'ended';

/** The options of a connection. */
export interface ConnectionOptions extends Attempt {
  /** TLS; undefined without. */
  readonly tls: ClientTls | undefined;
}

// The time that a server has to show that it speaks TLS, when it did not speak HTTP/2.
const probeTimeoutMs = 1_000;

/** The owner of a connection. */
export interface ConnectionListener {
  /** Called when calls may be made. */
  opened(): void;
  /** Called when no new calls may be made. */
  draining(): void;
  /** Called once, with the reason: requests are refused from now on, and responses ignored. */
  ended(error: ChatError): void;
  /** Called once, after that: cancels the calls that are still under way. */
  cancelCalls(): void;
}

/** The time that calls have to end by themselves when the client closes, in milliseconds. */
const closeTimeoutMs = 2_000;

/** One HTTP/2 connection to a server. It never reconnects: the session ends with it. */
export class Connection {
  /** Resolves when calls may be made; rejects when the connection fails first. */
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
  /** The failure of TLS; undefined without one. */
  #tlsProblem: TlsProblem | undefined;
  #secured = false;
  #opened = false;
  #closing: Promise<void> | undefined;

  constructor(options: ConnectionOptions, listener: ConnectionListener) {
    this.failures = new Failures(options.place);
    this.connected = this.#connected.promise;
    this.closed = this.#closed.promise;
    this.#options = options;
    this.#listener = listener;
    const { tls, place } = options;
    const credentials = new WatchedCredentials(
      {
        accepted: (socket) => this.#accepted(socket),
        secured: (problem) => {
          this.#secured = problem === undefined;
          this.#tlsProblem = problem;
        },
      },
      tls && { ...tls, host: place.host },
    );
    this.client = new Client(targetOf(options.place), credentials, {
      ...channelOptions,
      'grpc.default_authority': authorityOf(options.place),
    });
    this.#connectTimer = this.#startConnectTimer();
    options.signal?.addEventListener('abort', this.#abort, { once: true });
    if (options.signal?.aborted) this.#abort();
    else this.#look();
  }

  /** The state in which it is; `ended` is the last one. */
  get state(): ConnectionState {
    return this.#state;
  }

  /**
   * Tells whether a call would go out on this connection. If not, grpc-js would make a new connection
   * for it, which has no session. The channel knows it before {@link state} does.
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
   * @param endCalls ends the calls in good order; waited for during {@link closeTimeoutMs}
   */
  close(endCalls: () => Promise<void>): Promise<void> {
    this.#closing ??= this.#close(endCalls);
    return this.#closing;
  }

  async #close(endCalls: () => Promise<void>): Promise<void> {
    if (this.#state === 'ended') return;
    this.#end('closing', this.failures.closed());
    const timeout = Promise.withResolvers<void>();
    const timer = setTimeout(timeout.resolve, closeTimeoutMs);
    await Promise.race([endCalls(), timeout.promise]);
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

  // To close a channel does not cancel its calls, which keep the connection, nor destroy the socket of
  // a connection that is not up yet.
  #cut(): void {
    this.#listener.cancelCalls();
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

  /** Follows the state of the channel. */
  readonly #look = (): void => {
    if (this.#state !== 'connecting' && this.#state !== 'open') return;
    const channel = this.client.getChannel();
    const state = channel.getConnectivityState(this.#state === 'connecting');
    if (this.#state === 'open' && state !== connectivityState.READY) {
      this.#drain();
    } else if (this.#state === 'connecting' && state === connectivityState.TRANSIENT_FAILURE) {
      this.#explain();
    } else {
      // grpc-js calls back in the middle of its own change of state.
      const changed = () => process.nextTick(this.#look);
      channel.watchConnectivityState(state, Number.POSITIVE_INFINITY, changed);
      if (this.#state === 'connecting' && state === connectivityState.READY) this.#open();
    }
  };

  /** Learns from a call why the channel failed; the call does not leave this process. */
  #explain(): void {
    const pass = (bytes: Buffer) => bytes;
    const nothing = Buffer.alloc(0);
    this.client.makeUnaryRequest('/MessageService/-', pass, pass, nothing, (error) => {
      if (error?.code === GrpcStatus.UNAVAILABLE) void this.#failed(error);
      // The channel has come up in the meantime.
      else this.#look();
    });
  }

  async #failed(error: ServiceError): Promise<void> {
    const { failures } = this;
    if (this.#tlsProblem !== undefined) {
      this.fail(failures.tlsFailed(this.#tlsProblem, error));
    } else if (this.#options.tls !== undefined && this.#socket !== undefined) {
      this.fail(this.#secured ? failures.endedOverTls(error) : failures.endedDuringTls(error));
    } else {
      const { address, port } = this.#options.place;
      const failure = failures.channelFailed(error);
      // What a server that speaks TLS alone says is no HTTP/2, so it cannot say so.
      const perhapsTls =
        this.#socket !== undefined && (await speaksTls(address, port, probeTimeoutMs));
      this.fail(perhapsTls ? failures.needsTls(error) : failure);
    }
  }

  #open(): void {
    this.#state = 'open';
    this.#opened = true;
    clearTimeout(this.#connectTimer);
    this.#options.signal?.removeEventListener('abort', this.#abort);
    this.#listener.opened();
    this.#connected.resolve();
  }

  #drain(): void {
    this.#state = 'draining';
    this.#listener.draining();
  }

  readonly #abort = (): void => {
    this.fail(this.failures.connectAborted(this.#options.signal?.reason));
  };
}

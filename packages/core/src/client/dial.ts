import { formatAddress, type Place, parseHost } from '../address.ts';
import { ConnectError, type ConnectFailure, failureOfAll } from './errors.ts';
import type { ExchangeClient } from './exchange-client.ts';
import { ConnectionFailures } from './failures.ts';

/**
 * The time from one attempt to the next, which runs beside it, in milliseconds. [RFC 8305, 5]
 */
const headStartMs = 250;

/** The most addresses of a host that are tried. */
const addressesMax = 16;

/** An attempt to connect to one address. */
export interface Attempt {
  readonly place: Place;
  /** The time that the attempt has, in milliseconds. */
  readonly connectTimeoutMs: number;
  /** The longest silence of the server while a request is pending, in milliseconds. */
  readonly responseTimeoutMs: number;
  /** Ends the attempt when aborted. Has no effect once connected. */
  readonly signal: AbortSignal | undefined;
}

/** The options of a client, on every transport. */
export interface ConnectOptions {
  /** A name or an address. */
  readonly host: string;
  readonly port: number;
  /**
   * The time for the look-up of the name and all attempts together, until the server speaks the
   * transport's protocol, in milliseconds; then `connect-timeout`. 10 s by default.
   */
  readonly connectTimeoutMs?: number;
  /**
   * The longest silence of the server while a request is pending, in milliseconds; then
   * `response-timeout`. 60 s by default.
   */
  readonly responseTimeoutMs?: number;
  /** Ends the attempt to connect when aborted. Has no effect once connected: use `close`. */
  readonly signal?: AbortSignal | undefined;
  /** Returns the addresses of a host, the best first, in place of the system's resolver. */
  readonly lookUp?: (host: string) => Promise<readonly string[]>;
}

const defaultConnectTimeoutMs = 10_000;
const defaultResponseTimeoutMs = 60_000;

/** The options of {@link dial}. */
export interface DialOptions extends ConnectOptions {
  readonly transport: 'socket' | 'gRPC';
  /** Returns the addresses of a host, the best first; of an address, itself. Rejects with the system's error. */
  readonly lookUp: (host: string) => Promise<readonly string[]>;
  /** Begins to connect to one address. May throw. */
  readonly open: (attempt: Attempt) => ExchangeClient;
}

/**
 * Connects to a host, and tries its addresses in turn: an attempt begins when the one before it has
 * failed or had its head start, and goes on until the time is over. The first that connects wins; the
 * others are ended. [RFC 8305]
 *
 * @throws ChatError the error of the only address, or `connect-failed`, `connect-timeout` or
 * `version-mismatch` with each address and its failure; `closed` when `signal` was aborted
 */
export async function dial(options: DialOptions): Promise<ExchangeClient> {
  const deadline = performance.now() + connectTimeoutOf(options);
  const addresses = await addressesOf(options);
  const [only, ...others] = addresses;
  if (only === undefined) {
    throw refusal(options, 'the name has no address', 'is the name right?');
  }
  if (others.length > 0) return new Race(options, addresses, deadline).run();
  return connect(options, only, deadline, options.signal);
}

/** Attempts to connect to several addresses. */
class Race {
  readonly #options: DialOptions;
  readonly #addresses: readonly string[];
  readonly #deadline: number;
  readonly #headStartMs: number;
  readonly #giveUp = new AbortController();
  readonly #signal: AbortSignal;
  readonly #failures: [address: string, ConnectFailure][] = [];
  readonly #winner = Promise.withResolvers<ExchangeClient>();
  #begun = 0;
  #nextTurn: NodeJS.Timeout | undefined;
  #over = false;

  constructor(options: DialOptions, addresses: readonly string[], deadline: number) {
    this.#options = options;
    this.#addresses = addresses;
    this.#deadline = deadline;
    const { signal } = this.#giveUp;
    this.#signal =
      options.signal === undefined ? signal : AbortSignal.any([signal, options.signal]);
    // The last address has half of the time, however little there is.
    this.#headStartMs = Math.min(headStartMs, timeLeft(deadline) / (2 * addresses.length));
  }

  run(): Promise<ExchangeClient> {
    this.#begin();
    return this.#winner.promise;
  }

  readonly #begin = (): void => {
    clearTimeout(this.#nextTurn);
    const address = this.#addresses[this.#begun];
    if (address === undefined) return;
    this.#begun += 1;
    this.#nextTurn = setTimeout(this.#begin, this.#headStartMs);
    connect(this.#options, address, this.#deadline, this.#signal).then(
      (client) => this.#connected(client),
      (error) => this.#failed(address, error),
    );
  };

  #connected(client: ExchangeClient): void {
    if (this.#over) {
      void client.close();
      return;
    }
    this.#end();
    this.#winner.resolve(client);
  }

  #failed(address: string, error: unknown): void {
    if (this.#over) return;
    if (!(error instanceof ConnectError)) {
      this.#end();
      this.#winner.reject(error);
      return;
    }
    const { host, port } = this.#options;
    this.#failures.push([formatAddress(address, port), error.failure]);
    if (this.#failures.length < this.#addresses.length) {
      this.#begin();
      return;
    }
    this.#end();
    const failure = failureOfAll(this.#failures);
    this.#winner.reject(new ConnectError(formatAddress(host, port), failure));
  }

  #end(): void {
    this.#over = true;
    clearTimeout(this.#nextTurn);
    this.#giveUp.abort();
  }
}

/** Connects to one address. */
async function connect(
  { host, port, responseTimeoutMs = defaultResponseTimeoutMs, open, transport }: DialOptions,
  address: string,
  deadline: number,
  signal: AbortSignal | undefined,
): Promise<ExchangeClient> {
  const place = { host, address, port };
  let client: ExchangeClient;
  try {
    client = open({ place, connectTimeoutMs: timeLeft(deadline), responseTimeoutMs, signal });
  } catch (cause) {
    throw new ConnectionFailures(place, transport).connectFailed(cause);
  }
  await client.connected;
  return client;
}

/** Returns the addresses of a host, each once. IPv6 and IPv4 alternate, so that a broken one delays little. */
async function addressesOf(options: DialOptions): Promise<string[]> {
  const { host, port } = options;
  const parsed = parseHost(host);
  if ('problem' in parsed) throw refusal(options, parsed.problem, 'is the host right?');
  if (!Number.isInteger(port) || port < 1 || port > 65_535) {
    throw refusal(options, `there is no port ${port}`, 'is it from 1 to 65535?');
  }
  const found = [...new Set(await lookedUp(options, parsed.host))].slice(0, addressesMax);
  const isFirstFamily = (address: string) => address.includes(':') === found[0]?.includes(':');
  const first = found.filter(isFirstFamily);
  const second = found.filter((address) => !isFirstFamily(address));
  return Array.from({ length: found.length }, (_, at) => [first[at], second[at]])
    .flat()
    .filter((address) => address !== undefined);
}

function lookedUp(options: DialOptions, host: string): Promise<readonly string[]> {
  const { port, signal, transport } = options;
  const connectTimeoutMs = connectTimeoutOf(options);
  const failures = new ConnectionFailures({ host, address: host, port }, transport);
  const found = Promise.withResolvers<readonly string[]>();
  const timer = setTimeout(() => {
    found.reject(failures.lookUpTimeout(connectTimeoutMs));
  }, connectTimeoutMs);
  const abort = () => found.reject(failures.connectAborted(signal?.reason));
  signal?.addEventListener('abort', abort, { once: true });
  if (signal?.aborted) abort();
  options.lookUp(host).then(found.resolve, (cause) => found.reject(failures.connectFailed(cause)));
  return found.promise.finally(() => {
    clearTimeout(timer);
    signal?.removeEventListener('abort', abort);
  });
}

function refusal({ host, port }: DialOptions, reason: string, advice: string): ConnectError {
  return new ConnectError(formatAddress(host, port), { code: 'connect-failed', reason, advice });
}

function connectTimeoutOf({ connectTimeoutMs = defaultConnectTimeoutMs }: DialOptions): number {
  return connectTimeoutMs;
}

/** Returns the time left, in milliseconds; at least 1, as timers cannot take less. */
function timeLeft(deadline: number): number {
  return Math.max(1, deadline - performance.now());
}

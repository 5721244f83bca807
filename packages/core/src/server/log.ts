import { formatAddress, type TransportName } from '../address.ts';

/** A log, of which pino's is one. */
export interface Log {
  isLevelEnabled(level: string): boolean;
  warn(details: object, message: string): void;
  debug(details: object, message: string): void;
  trace(details: object, message: string): void;
}

/** The address at the other end of a socket. */
export interface RemoteEnd {
  readonly remoteAddress?: string | undefined;
  readonly remotePort?: number | undefined;
}

/**
 * Logs one connection: at `debug` its beginning, what is unusual, and its end with the reason; at
 * `trace` each operation. It does not repeat what a client sent, so no client can write a line of the
 * log. At other levels it costs nothing: all connections share one that is silent.
 */
export class ConnectionLog {
  /** Logs an operation; undefined when the log does not take `trace`. */
  readonly trace: ((operation: object) => void) | undefined;
  readonly #log: Log | undefined;
  readonly #who: object;
  readonly #beginMs = performance.now();
  #reason: string | undefined;

  private constructor(log: Log | undefined, who: object) {
    this.#log = log;
    this.#who = who;
    this.trace =
      log?.isLevelEnabled('trace') === true
        ? (operation) => log.trace({ ...who, ...operation }, 'answered')
        : undefined;
  }

  static readonly #silent = new ConnectionLog(undefined, {});

  /** Returns the log of a connection, after it has logged that the connection has begun. */
  static begin(log: Log, transport: TransportName, remote: RemoteEnd): ConnectionLog {
    if (!log.isLevelEnabled('debug')) return ConnectionLog.#silent;
    // Asked for now: a socket that has failed does not know it any more.
    const begun = new ConnectionLog(log, { transport, connection: clientOf(remote) });
    begun.note('connection opened');
    return begun;
  }

  /** Logs an event of a connection that goes on. */
  note(what: string, details: object = {}): void {
    this.#log?.debug({ ...this.#who, ...details }, what);
  }

  /** Keeps the reason why the connection ends. The first one is logged. */
  ends(reason: string): void {
    if (this.#log !== undefined) this.#reason ??= reason;
  }

  /** Logs that the connection has ended. */
  closed(details: object = {}): void {
    if (this.#log === undefined) return;
    const ms = Math.round(performance.now() - this.#beginMs);
    this.note('connection closed', { reason: this.#reason ?? 'the client left', ms, ...details });
  }
}

/** Logs at `debug` that a connection was refused. */
export function logRefusal(
  log: Log,
  transport: TransportName,
  remote: RemoteEnd,
  reason: string,
): void {
  if (!log.isLevelEnabled('debug')) return;
  log.debug({ transport, connection: clientOf(remote), reason }, 'connection refused');
}

function clientOf({ remoteAddress, remotePort }: RemoteEnd): string {
  return remoteAddress === undefined
    ? 'gone already'
    : formatAddress(remoteAddress, remotePort ?? 0);
}

// The shortest time between two reports of a tally.
const quietMs = 10_000;

/**
 * Counts events, and reports them at most once in a while: the first at once, and later ones together.
 * So an event that clients cause thousands of times is a few lines in the log.
 */
export class Tally<Kind extends string, Detail = void> {
  readonly #report: (counts: Readonly<Partial<Record<Kind, number>>>, last: Detail) => void;
  #unreported: Partial<Record<Kind, number>> | undefined;
  #last: Detail | undefined;
  #quiet: NodeJS.Timeout | undefined;

  /**
   * @param report gets the number of events of each kind since the last report, and the detail of the
   *   last event
   */
  constructor(report: (counts: Readonly<Partial<Record<Kind, number>>>, last: Detail) => void) {
    this.#report = report;
  }

  /** Counts one event. */
  add(kind: Kind, detail: Detail): void {
    this.#unreported ??= {};
    this.#unreported[kind] = (this.#unreported[kind] ?? 0) + 1;
    this.#last = detail;
    if (this.#quiet === undefined) this.flush();
  }

  /** Returns the counts that were not reported yet, and reports them no more; undefined for none. */
  take(): Readonly<Partial<Record<Kind, number>>> | undefined {
    const counts = this.#unreported;
    this.#unreported = undefined;
    return counts;
  }

  /** Reports what was not reported yet. */
  flush(): void {
    const counts = this.take();
    if (counts === undefined) return;
    clearTimeout(this.#quiet);
    this.#quiet = setTimeout(() => {
      this.#quiet = undefined;
      this.flush();
    }, quietMs).unref();
    this.#report(counts, this.#last as Detail);
  }
}

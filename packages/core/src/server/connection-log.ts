import { formatAddress } from '../address.ts';

/** What a log has to offer; pino's has it. */
export interface Log {
  isLevelEnabled(level: string): boolean;
  warn(details: object, message: string): void;
  debug(details: object, message: string): void;
  trace(details: object, message: string): void;
}

/** The client at the other end of a socket. */
export interface RemoteEnd {
  readonly remoteAddress?: string | undefined;
  readonly remotePort?: number | undefined;
}

/**
 * What the log says of one connection: at `debug` its beginning, what is odd about it, and its end
 * with the reason; at `trace` each operation. It says nothing that a client said, only what became of
 * it, so no client can write a line of the log. At other levels it costs nothing.
 */
export class ConnectionLog {
  /** Tells of an operation; undefined when nobody wants to know. */
  readonly trace: ((operation: object) => void) | undefined;
  readonly #log: Log | undefined;
  readonly #who: object;
  readonly #beginMs: number;
  #reason: string | undefined;

  /** Says that the connection has begun. */
  constructor(log: Log, transport: 'socket' | 'grpc', remote: RemoteEnd) {
    this.#log = log.isLevelEnabled('debug') ? log : undefined;
    this.#beginMs = performance.now();
    // Asked for now: a socket that has failed does not know it any more.
    const who = this.#log === undefined ? {} : { transport, connection: clientOf(remote) };
    this.#who = who;
    this.trace = log.isLevelEnabled('trace')
      ? (operation) => log.trace({ ...who, ...operation }, 'answered')
      : undefined;
    this.note('connection opened');
  }

  /** Tells of something about a connection that goes on. */
  note(what: string, details: object = {}): void {
    this.#log?.debug({ ...this.#who, ...details }, what);
  }

  /** Takes the reason why it ends; the first one is told. */
  ends(reason: string): void {
    this.#reason ??= reason;
  }

  /** Says that it has ended. */
  closed(details: object = {}): void {
    if (this.#log === undefined) return;
    const ms = Math.round(performance.now() - this.#beginMs);
    this.note('connection closed', { reason: this.#reason ?? 'the client left', ms, ...details });
  }
}

/** Says at `debug` that a connection was refused. */
export function logRefusal(
  log: Log,
  transport: 'socket' | 'grpc',
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

import type { Chat, Trace } from '@tandem/chat';
import type { ConnectionGate, MemoryBudget } from '@tandem/core/server';
import type { ServerTls } from '@tandem/tls/server';
import type { Logger } from 'pino';

/** The limits of a socket server and of each of its connections. */
export interface SocketServerLimits {
  /** The most connections at once; one more is told that the server is busy. [P-6.10] */
  readonly connectionsMax: number;
  /** The most connections at once from one address. */
  readonly connectionsPerAddressMax: number;
  /** The most clients that are being told so; one more, and the oldest of them is closed. [P-6.10] */
  readonly refusalsMax: number;
  /** The longest silence of a connection without a session, in milliseconds. [P-6.10] */
  readonly idleBeforeLoginMs: number;
  /** The longest time in which a client reads nothing of what waits for it, in milliseconds. [P-5.1] */
  readonly drainTimeoutMs: number;
  /** The silence after which TCP probes the other side, in milliseconds. [P-5.1] */
  readonly keepAliveMs: number;
  /** The time that a stop gives to responses before it closes by force, in milliseconds. [P-6.9] */
  readonly stopGraceMs: number;
}

/** The limits of `tandem serve` without options. */
export const defaultSocketServerLimits: SocketServerLimits = {
  connectionsMax: 20_000,
  connectionsPerAddressMax: Number.POSITIVE_INFINITY,
  refusalsMax: 100,
  // The client of 2023 connects at once, and says nothing until its user has typed.
  idleBeforeLoginMs: 10 * 60_000,
  drainTimeoutMs: 60_000,
  keepAliveMs: 30_000,
  stopGraceMs: 5_000,
};

/** The options of a socket server. */
export interface SocketServerOptions {
  readonly service: Chat;
  /** The address to listen on: a name, an IPv4 or an IPv6 address. */
  readonly host: string;
  /** The port to listen on; 0 for any that is free. */
  readonly port: number;
  readonly logger: Logger;
  /** The memory of its connections, shared with other servers; by default a budget of its own. */
  readonly budget?: MemoryBudget;
  /** Decides which networks may connect, shared with other servers; by default each may. */
  readonly gate?: ConnectionGate | undefined;
  /** Told of each operation; without it, and without a log at `trace`, that costs nothing. */
  readonly trace?: Trace | undefined;
  /** Its TLS; without, it speaks none. [P-10.1] */
  readonly tls?: ServerTls | undefined;
  /** Limits that differ from {@link defaultSocketServerLimits}. */
  readonly limits?: Partial<SocketServerLimits>;
}

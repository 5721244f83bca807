import type { ChatService } from '@tandem/chat';
import type { MemoryBudget } from '@tandem/core';
import type { Logger } from 'pino';

/** What bounds the socket server and each of its connections. */
export interface SocketServerLimits {
  /** Connections at once; one more is told that the server is busy. [P-6.10] */
  readonly connectionsMax: number;
  /** Connections at once from one address. */
  readonly connectionsPerAddressMax: number;
  /** Clients that are being told that the server is full; one more, and the oldest is closed. [P-6.10] */
  readonly refusalsMax: number;
  /** How long a connection without a session may say nothing, in milliseconds. [P-6.10] */
  readonly idleBeforeLoginMs: number;
  /** How long what was sent may wait without any of it draining, in milliseconds. [P-5.1] */
  readonly drainTimeoutMs: number;
  /** Silence after which TCP asks whether the peer is still there, in milliseconds. [P-5.1] */
  readonly keepAliveMs: number;
  /** How long a stop waits for answers to leave before it closes by force, in milliseconds. [P-6.9] */
  readonly stopGraceMs: number;
}

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

/** What a socket server is made of. */
export interface SocketServerOptions {
  readonly service: ChatService;
  /** Address to listen on: a name, an IPv4 or an IPv6 address. */
  readonly host: string;
  /** Port to listen on; 0 for any that is free. */
  readonly port: number;
  readonly logger: Logger;
  /** What its connections may hold, with those of other servers; by default one of its own. */
  readonly budget?: MemoryBudget;
  /** Limits that differ from {@link defaultSocketServerLimits}. */
  readonly limits?: Partial<SocketServerLimits>;
}

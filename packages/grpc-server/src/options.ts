import type { Chat, Trace } from '@tandem/chat';
import type { ConnectionGate, MemoryBudget } from '@tandem/core/server';
import type { ServerTls } from '@tandem/tls/server';
import type { Logger } from 'pino';

/** The limits of the gRPC server and of each connection. grpc-js limits little by itself. */
export interface GrpcServerLimits {
  /** Connections at once; one more is closed. */
  readonly connectionsMax: number;
  /** Connections at once from one address. */
  readonly connectionsPerAddressMax: number;
  /**
   * The time that a connection without any call, or a Converse stream without a session, may be silent,
   * in milliseconds. [P-6.10]
   */
  readonly idleBeforeLoginMs: number;
  /**
   * The time that sent data may wait without any of it draining, in milliseconds. What left together
   * counts when all of it has. [P-5.1]
   */
  readonly drainTimeoutMs: number;
  /** The silence after which HTTP/2 asks whether the client is still there, in milliseconds. [P-5.1] */
  readonly keepAliveMs: number;
  /** The time in which the client has to respond to that, in milliseconds. */
  readonly keepAliveTimeoutMs: number;
  /** The time that a stop waits for calls to end before it closes by force, in milliseconds. [P-6.9] */
  readonly stopGraceMs: number;
  /** The time that a session from a unary login may be without a Subscribe, in milliseconds. */
  readonly subscribeWithinMs: number;
  /** The time after which a session from a unary login ends, and its token with it, in milliseconds. */
  readonly sessionMs: number;
  /** Calls at once on one connection that uses them; further ones wait in the client. */
  readonly streamsPerConnectionMax: number;
  /** The longest request message, in bytes, decompressed. The longest valid one takes less than 400. */
  readonly requestBytesMax: number;
  /** The most metadata of one call, in bytes of names and values; at most 16,384. */
  readonly metadataBytesMax: number;
  /** The time that the message of a call may take to come, in milliseconds; not that of a Converse stream. */
  readonly messageTimeoutMs: number;
}

/** The limits of `tandem serve` without options. */
export const defaultGrpcServerLimits: GrpcServerLimits = {
  connectionsMax: 20_000,
  connectionsPerAddressMax: Number.POSITIVE_INFINITY,
  idleBeforeLoginMs: 10 * 60_000,
  drainTimeoutMs: 60_000,
  keepAliveMs: 30_000,
  keepAliveTimeoutMs: 10_000,
  stopGraceMs: 5_000,
  subscribeWithinMs: 5_000,
  sessionMs: 7 * 24 * 3_600_000,
  streamsPerConnectionMax: 1_000,
  // `requestBytesMax` of the contract's package, which loads gRPC: options are read without it.
  requestBytesMax: 4_096,
  metadataBytesMax: 8_192,
  messageTimeoutMs: 10_000,
};

/** The services for the tools of gRPC that a server has. */
export interface DiscoverySettings {
  /** `grpc.health.v1.Health`. */
  readonly health: boolean;
  /** `grpc.reflection`, v1 and v1alpha: the contract, for tools that have no file of it. */
  readonly reflection: boolean;
}

/** The options of a gRPC server. */
export interface GrpcServerOptions {
  readonly service: Chat;
  /** Address to listen on: a name, an IPv4 or an IPv6 address. */
  readonly host: string;
  /** Port to listen on; 0 for any that is free. */
  readonly port: number;
  readonly logger: Logger;
  /** The memory of its connections and those of other servers; by default a budget of its own. */
  readonly budget?: MemoryBudget;
  /** Decides which networks may connect, shared with other servers; by default each may. */
  readonly gate?: ConnectionGate | undefined;
  /** Told of each operation; without it, and without a log at `trace`, that costs nothing. */
  readonly trace?: Trace | undefined;
  /** The services for tools that it has; by default all. */
  readonly discovery?: DiscoverySettings;
  /**
   * True when unary calls without a session token are known by their connection, as those of the client
   * of 2023; so by default. Behind a proxy that joins clients, each can act as the others then, but not as
   * one with a secret.
   */
  readonly sessionsByConnection?: boolean;
  /** Its TLS; without, it speaks none. [P-10.1] */
  readonly tls?: ServerTls | undefined;
  /** Limits that differ from {@link defaultGrpcServerLimits}. */
  readonly limits?: Partial<GrpcServerLimits>;
}

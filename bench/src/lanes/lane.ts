import type { IdentitySettings } from '@tandem/chat';
import type { ChatClient } from '@tandem/core';

/**
 * One thing that the lab measures: a transport in one mode, or a control. It is an adapter: how its
 * server starts and how a client of it connects. A scenario decides which operations it makes,
 * and the rig knows neither.
 */
export interface Lane {
  /** The name in options and reports: lower-case words joined by hyphens. */
  readonly name: string;
  /** The title in tables and charts: at most 28 characters. */
  readonly title: string;
  /** The parts that one operation passes, in a sentence. */
  readonly description: string;
  /** `control`: for comparisons, or for tests of the rig. */
  readonly kind: 'control' | 'sockets' | 'grpc';
  /** The protocol of its bytes, for the dissectors; `none` when nothing crosses a wire. */
  readonly wire:
    | 'none'
    | 'echo'
    | 'seed'
    | 'framed'
    | 'framed-protobuf'
    | 'websocket'
    | 'http1'
    | 'http2'
    | 'connect-unary'
    | 'grpc-unary'
    | 'grpc-converse'
    | 'mqtt'
    | 'nats';
  /** The lanes that it is compared with; first the one a step below it on the ladder of costs. */
  readonly baselines: readonly string[];
  /** True when a chat service is behind it, so that its clients have a `chat`. */
  readonly hasChat?: boolean;
  /** The reason for which it cannot run on this machine: a program that is not installed. */
  readonly missing?: string | undefined;
  /** True when several servers of it can be one chat. */
  readonly hasNodes?: true;
  /** The most pending requests of one connection: 1 where the protocol cannot pipeline; any number by default. */
  readonly depthMax?: number;
  /** An echo of sends only: the longest body that it carries there and back, in ASCII characters. */
  readonly echoedCharsMax?: number;
  /** A control only: by how much its server delays each operation on purpose, in microseconds. */
  readonly injectedUs?: number;
  /** True when it carries messages and has nothing else to ask: a broker, or a bare relay. */
  readonly messagesOnly?: true;
  /** Every setting that could favour a lane, for the fairness ledger. */
  readonly settings: LaneSettings;
  /** Starts its server on a free port; undefined when client and server are one process. */
  readonly startServer?: (begin?: ServerBegin) => Promise<LaneServer>;
  /** Opens one connection of its own, shared with no other client of the process. */
  connect(target: Target): Promise<LaneClient>;
  /** Over TLS only: connects with the ticket of the last such connection; the first has none. */
  readonly resume?: (target: Target) => Promise<LaneClient>;
}

/** The state in which a lane's server starts. A lane without a chat service ignores it. */
export interface ServerBegin {
  /** The number of accounts at the start, from `accountNames`; none by default. */
  readonly accounts?: number;
  /** The number of servers that are one chat, where a lane has such; 1 by default. */
  readonly nodes?: number;
  /** Keeps secrets; undefined for the one that `tandem serve` has. */
  readonly hasher?: IdentitySettings['hasher'];
}

/** The address of a lane's server. A lane without a server ignores it. */
export interface Target {
  readonly host: string;
  readonly port: number;
  /** The ports of further servers that are one chat with it. */
  readonly otherPorts?: readonly number[] | undefined;
}

/** A lane's server. */
export interface LaneServer {
  readonly port: number;
  /** A program of others only: the process that does the work, in place of the one that started it. */
  readonly pid?: number;
  /** The ports of further servers, each a process of its own. */
  readonly otherPorts?: readonly number[] | undefined;
  /** Reads what the processes that it has started have used so far, by `besideMetrics`. */
  beside?(): Promise<Readonly<Record<string, number>>>;
  close(): Promise<void>;
}

/** One connection of a lane. */
export interface LaneClient {
  /** The chat client behind it; undefined where there is no chat service, as with an echo. */
  readonly chat: ChatClient | undefined;
  /**
   * Brings the server and this client into the state that operations of the workload need: accounts,
   * sessions, a user who takes messages. Never timed. It may be called again. A search needs
   * it once for a server, by whichever client; a send needs it on the client that sends.
   */
  prepare(workload: Workload): Promise<void>;
  /** Makes an operation of the workload, which rejects when its response is not the expected one. */
  operation(workload: Workload): () => Promise<void>;
  /** Ends the connection and everything that `prepare` has opened. May be called again. */
  close(): Promise<void>;
}

/**
 * The kind of an operation. `search` asks for one name that exists, and its response is that name, so that
 * an echo of as many bytes is its floor. `send` carries a body to a user who has a session on another
 * connection and takes the messages; an echo carries as many bytes there and back. A `delivery` is a
 * send that ends when its response has come and its recipient has it, too; not for an echo.
 */
export type Workload =
  | { readonly kind: 'search' }
  | { readonly kind: 'send' | 'delivery'; readonly body: string };

/** A lane's column of the fairness ledger; what does not apply is a dash. */
export interface LaneSettings {
  /** Nagle's algorithm, on either side. */
  readonly noDelay: string;
  /** The way in which writes leave: each alone, joined within a turn, corked. */
  readonly writes: string;
  /** Deadlines and retries of each request. */
  readonly deadlines: string;
  /** Keepalive of TCP and of HTTP/2. */
  readonly keepalive: string;
  /** Compression of bodies and of headers. */
  readonly compression: string;
  /** The layout of a request: codec or serializer, and its options. */
  readonly serialization: string;
  /** Flow-control windows and buffer limits. */
  readonly windows: string;
  /** The identity of the caller, and the data that proves it. */
  readonly identity: string;
  /** The store of accounts and mailboxes. */
  readonly store: string;
  /** Logging on the path of a request. */
  readonly logging: string;
  /** Every other setting that differs from the library's defaults. */
  readonly otherOptions: string;
}

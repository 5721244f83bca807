import type { ChatClient } from '@tandem/core';

/**
 * One thing that the lab measures: a transport in one mode, or a control. It is an adapter: how its
 * server starts and how a client of it connects. What is then asked of it is a scenario's business,
 * and the rig knows neither.
 */
export interface Lane {
  /** What options and reports call it: lower-case words joined by hyphens. */
  readonly name: string;
  /** What people call it, in tables and charts: at most 28 characters. */
  readonly title: string;
  /** What one operation goes through here, in a sentence. */
  readonly description: string;
  /** `control`: there to be compared with, or to show what the rig sees. */
  readonly kind: 'control' | 'sockets' | 'grpc';
  /** What its bytes are, for whoever takes them apart; `none` when nothing crosses a wire. */
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
    | 'grpc-converse';
  /** The lanes that it is compared with; first the one a step below it on the ladder of costs. */
  readonly baselines: readonly string[];
  /** Whether there is a chat service behind it, so that its clients have a `chat`. */
  readonly hasChat: boolean;
  /** How many requests one connection may have under way: 1 where the protocol cannot pipeline. */
  readonly depthMax: number;
  /** An echo of sends only: the longest body that it carries there and back, in ASCII characters. */
  readonly echoedCharsMax?: number;
  /** A control only: by how much its server delays each operation on purpose, in microseconds. */
  readonly injectedUs?: number;
  /** Every setting that could tilt a comparison, for the fairness ledger. */
  readonly settings: LaneSettings;
  /** Starts its server on a free port; absent when client and server are one process here. */
  readonly startServer?: (begin?: ServerBegin) => Promise<LaneServer>;
  /** Opens one connection of its own, shared with no other client of the process. */
  connect(target: Target): Promise<LaneClient>;
}

/** What a lane's server begins with. A lane without a chat service has no use for it. */
export interface ServerBegin {
  /** How many accounts there are from the start: those of `accountNames`; none unless said. */
  readonly accounts?: number;
}

/** Where a lane's server listens. A lane without a server ignores it. */
export interface Target {
  readonly host: string;
  readonly port: number;
}

/** A lane's server. */
export interface LaneServer {
  readonly port: number;
  close(): Promise<void>;
}

/** One connection of a lane. */
export interface LaneClient {
  /** The chat client behind it; undefined where there is no chat service, as with an echo. */
  readonly chat: ChatClient | undefined;
  /**
   * Brings the server and this client into the state that operations of the workload need: accounts,
   * sessions, somebody who takes messages. Never timed. Preparing again does no harm. A search needs
   * it once for a server, by whichever client; a send needs it on the client that sends.
   */
  prepare(workload: Workload): Promise<void>;
  /** One operation of the workload; it rejects when the answer is not the one expected. */
  operation(workload: Workload): () => Promise<void>;
  /** Ends the connection and whatever `prepare` opened beside it. May be called again. */
  close(): Promise<void>;
}

/**
 * What one operation is. `search` asks for one name that is there and is answered with it, so that
 * an echo of as many bytes is its floor. `send` carries a body to somebody who has a session on
 * another connection and takes what arrives; an echo carries as many bytes there and back.
 */
export type Workload =
  | { readonly kind: 'search' }
  | { readonly kind: 'send'; readonly body: string };

/** A lane's column of the fairness ledger; what does not apply is a dash. */
export interface LaneSettings {
  /** Nagle's algorithm, on either side. */
  readonly noDelay: string;
  /** How writes leave: each alone, joined within a turn, corked. */
  readonly writes: string;
  /** Deadlines and retries of each request. */
  readonly deadlines: string;
  /** Keepalive of TCP and of HTTP/2. */
  readonly keepalive: string;
  /** Compression of bodies and of headers. */
  readonly compression: string;
  /** How a request is laid out: codec or serializer, and its options. */
  readonly serialization: string;
  /** Flow-control windows and buffer limits. */
  readonly windows: string;
  /** Who the caller is, and what travels to prove it. */
  readonly identity: string;
  /** Where accounts and mailboxes are kept. */
  readonly store: string;
  /** Logging on the path of a request. */
  readonly logging: string;
  /** Anything else that is not as the library's defaults have it. */
  readonly otherOptions: string;
}

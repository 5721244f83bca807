import type { Socket } from 'node:net';
import type { TransportName } from '@tandem/core';
import type { Log, MemoryAccount, TeardownQueue } from '@tandem/core/server';
import type { ServerTls } from './server-tls.ts';

/** A connection that has come in, before anything was said on it. */
export interface Arrival {
  readonly socket: Socket;
  /** The network that it comes from; see `networkOf`. */
  readonly address: string;
  readonly account: MemoryAccount;
  /** Says when the work of its end may be done. */
  readonly teardown: TeardownQueue;
  /** Begins a handshake, at once or when it is this connection's turn. */
  takeTurn(begin: () => void): void;
  /** Takes the socket, paused: the TLS one, or the one that came in. */
  ready(socket: Socket): void;
  /** Ends the connection, for a reason that its log is told. */
  failed(reason: string): void;
  /** Ends the open connection: its client floods TLS. */
  flooded(): void;
}

/** The options of what takes arrivals in. */
export interface SecureFrontOptions {
  readonly tls: ServerTls;
  readonly transport: TransportName;
  readonly log: Log;
  /** The time that a client which need not speak TLS has for its first byte, in milliseconds. */
  readonly firstByteTimeoutMs: number;
}

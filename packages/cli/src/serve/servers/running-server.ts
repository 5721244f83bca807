import type { Chat, Trace } from '@tandem/chat';
import type { ConnectionGate, MemoryBudget, TransportServer } from '@tandem/core/server';
import type { ServerTls } from '@tandem/tls/server';
import type { Logger } from 'pino';
import type { Served } from './announcement.ts';

/** A server that listens, and for what. */
export interface RunningServer extends Served, Omit<TransportServer, 'host'> {}

/** The parts that the servers of all transports share. */
export interface Shared {
  readonly service: Chat;
  readonly logger: Logger;
  readonly budget: MemoryBudget;
  readonly gate: ConnectionGate;
  /** The TLS of all transports; undefined without. */
  readonly tls: ServerTls | undefined;
}

/** Starts the server of a transport. Rejects with Node's error when it cannot listen. */
export type StartServer = (
  place: Shared & {
    /** Told of each operation; undefined for nothing. */
    readonly trace: Trace | undefined;
    readonly host: string;
    readonly port: number;
  },
) => Promise<TransportServer>;

/**
 * A server, with the name of what it serves.
 *
 * @param host the host as it was asked for: a name or an address
 */
export function named(
  transport: Served['transport'],
  host: string,
  server: TransportServer,
): RunningServer {
  return {
    transport,
    host,
    address: server.host,
    port: server.port,
    get connectionCount() {
      return server.connectionCount;
    },
    get refusals() {
      return server.refusals;
    },
    closeNetwork: (network, reason) => server.closeNetwork(network, reason),
    stop: () => server.stop(),
  };
}

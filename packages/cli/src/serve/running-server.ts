import type { ChatService } from '@tandem/chat';
import type { Logger } from 'pino';
import type { Served } from './announcement.ts';

/** What every transport's server is, once it listens. */
interface TransportServer {
  readonly host: string;
  readonly port: number;
  readonly connectionCount: number;
  stop(): Promise<void>;
}

/** A server that listens, and for what. */
export interface RunningServer extends Served, TransportServer {}

/** Starts the server of a transport. Rejects with Node's error when it cannot listen. */
export type StartServer = (place: {
  readonly service: ChatService;
  readonly logger: Logger;
  readonly host: string;
  readonly port: number;
}) => Promise<TransportServer>;

/** A server, with the name of what it serves. */
export function named(transport: Served['transport'], server: TransportServer): RunningServer {
  return {
    transport,
    host: server.host,
    port: server.port,
    get connectionCount() {
      return server.connectionCount;
    },
    stop: () => server.stop(),
  };
}

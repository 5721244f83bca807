import { ChatService, MemoryStore, type Store } from '@tandem/chat';
import pino, { type Logger } from 'pino';
import type { LaneServer, LaneSettings } from './lane.ts';

/** What the lab tells a transport's server; everything else is as `tandem serve` has it by default. */
export interface ChatServerOptions {
  readonly service: ChatService;
  readonly host: string;
  readonly port: number;
  readonly logger: Logger;
}

interface TransportServer {
  readonly port: number;
  stop(): Promise<void>;
}

/** Starts a chat service of its own, and a transport's server before it. */
export async function startChatServer(
  start: (options: ChatServerOptions) => Promise<TransportServer>,
  openStore: () => Store = () => new MemoryStore(),
): Promise<LaneServer> {
  const service = await ChatService.open({ store: openStore() });
  const logger = pino({ level: 'silent' });
  const server = await start({ service, host: '127.0.0.1', port: 0, logger });
  return {
    port: server.port,
    async close() {
      await server.stop();
      await service.close();
    },
  };
}

/** What the fairness ledger says of every lane with a chat service behind it. */
export const chatSettings = {
  store: 'memory',
  logging:
    'server: pino, silent, and an operation that goes well logs nothing at any level; client: none',
} as const satisfies Partial<LaneSettings>;

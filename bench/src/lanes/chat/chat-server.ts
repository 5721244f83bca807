import {
  type Chat,
  ChatService,
  MemoryStore,
  type Store,
  type StoredAccounts,
  textOfNames,
} from '@tandem/chat';
import pino, { type Logger } from 'pino';
import type { LaneServer, LaneSettings, ServerBegin } from '../lane.ts';
import { accountNames } from './accounts.ts';

/** The options that the lab sets on a transport's server. All others have the defaults of `tandem serve`. */
export interface ChatServerOptions {
  readonly service: Chat;
  readonly host: string;
  readonly port: number;
  readonly logger: Logger;
}

interface TransportServer {
  readonly port: number;
  stop(): Promise<void>;
}

/**
 * Starts a chat service of its own, and a transport's server before it.
 *
 * @param openStore opens a store that holds so many accounts; in memory unless said
 */
export async function startChatServer(
  start: (options: ChatServerOptions) => Promise<TransportServer>,
  { accounts = 0, hasher }: ServerBegin = {},
  openStore: (accounts: number) => Store | Promise<Store> = (count) => new PeopledStore(count),
): Promise<LaneServer> {
  const store = await openStore(accounts);
  const service = await ChatService.open({ store, ...(hasher && { identity: { hasher } }) });
  return serve(start, service);
}

/** Starts a transport's server before a service, which is closed with it. */
export async function serve(
  start: (options: ChatServerOptions) => Promise<TransportServer>,
  service: Chat,
): Promise<LaneServer> {
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

const accountsPerBlock = 1_000;

/** A store in memory that has accounts from the start, as one on a disk would after a restart. */
class PeopledStore extends MemoryStore {
  readonly #accounts: number;

  constructor(accounts: number) {
    super();
    this.#accounts = accounts;
  }

  override async load(): ReturnType<MemoryStore['load']> {
    return { accounts: emptyAccounts(this.#accounts), lastMessageId: 0 };
  }
}

function* emptyAccounts(count: number): Generator<StoredAccounts> {
  let names: string[] = [];
  for (const username of accountNames(count)) {
    if (names.push(username) < accountsPerBlock) continue;
    yield emptyBlock(names);
    names = [];
  }
  yield emptyBlock(names);
}

function emptyBlock(names: readonly string[]): StoredAccounts {
  const count = names.length;
  return { names: textOfNames(names), count, identified: [], sizes: new Map([[0, count]]) };
}

/** The fairness ledger's entries of every lane with a chat service. */
export const chatSettings = {
  store: 'memory',
  logging:
    'server: pino, silent, and an operation that goes well logs nothing at any level; client: none',
} as const satisfies Partial<LaneSettings>;

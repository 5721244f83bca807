import { SqliteStore } from '@tandem/chat';
import { startSocketServer } from '@tandem/socket-server';
import { accountNames } from '../chat/accounts.ts';
import { startChatServer } from '../chat/chat-server.ts';
import { ownDataDirectory } from '../chat/data-directory.ts';
import type { Lane, LaneServer, ServerBegin } from '../lane.ts';
import { lane as original } from './sockets-framed.ts';

/** The framed dialect with the store that is the default of `tandem serve`. */
export const lane: Lane = {
  ...original,
  name: 'sockets-framed-sqlite',
  title: 'sockets, framed, sqlite',
  description:
    'As sockets-framed, with accounts and mailboxes on disk: each response waits for the commit of its data.',
  kind: 'sockets',
  baselines: ['sockets-framed'],
  settings: {
    ...original.settings,
    store:
      'sqlite: WAL, synchronous=NORMAL, and an fdatasync of the log of its own before a response; group commit; on the disk of the repository, or of /var/tmp for a user who may not write there',
  },
  startServer,
};

async function startServer(begin?: ServerBegin): Promise<LaneServer> {
  const directory = ownDataDirectory();
  const server = await startChatServer(startSocketServer, begin, (accounts) =>
    openStore(directory.path, accounts),
  );
  return {
    port: server.port,
    async close() {
      await server.close();
      directory.remove();
    },
  };
}

// As many as one commit writes.
const addedAtOnce = 512;

/** Accounts are written by one store and read by the next, as after a restart. */
async function openStore(directory: string, accounts: number): Promise<SqliteStore> {
  if (accounts > 0) {
    const store = await SqliteStore.open({ directory });
    await store.load();
    let adding: Promise<void>[] = [];
    for (const username of accountNames(accounts)) {
      if (adding.push(store.addAccount(username)) < addedAtOnce) continue;
      await Promise.all(adding);
      adding = [];
    }
    await Promise.all(adding);
    await store.close();
  }
  return SqliteStore.open({ directory });
}

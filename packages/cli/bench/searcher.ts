// The other clients of million-accounts.ts: `node searcher.ts PORT CONNECTIONS QUERY` searches on each
// connection, one search after the other, until it is killed. It prints a line once they all do.
import { connectSocketClient } from '@tandem/socket-client';

const [port, connections, query = ''] = process.argv.slice(2);
const clients = await Promise.all(
  Array.from({ length: Number(connections) }, () =>
    connectSocketClient({ host: '127.0.0.1', port: Number(port), responseTimeoutMs: 600_000 }),
  ),
);
process.stdout.write('searching\n');
await Promise.all(
  clients.map(async (client) => {
    for (;;) await client.search(query);
  }),
);

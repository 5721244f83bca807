// What it costs to keep messages: sends a second with the sqlite store against the memory store.
//
// `pnpm --filter @tandem/cli bench:store [--rounds N] [--ms N]` starts a fresh server and a
// fresh client process for each cell, the stores in turn forwards and backwards, and prints for each
// number of connections the median of each store and of the ratio within a round, with the smallest
// and the largest.
import { mkdtempSync, rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { end, firstLine, portOf, spread, start, startServer } from './processes.ts';

const stores = ['memory', 'sqlite'] as const;
type StoreName = (typeof stores)[number];

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '6' },
    ms: { type: 'string', default: '3000' },
    'warm-up-ms': { type: 'string', default: '2000' },
    connections: { type: 'string', default: '1,64' },
  },
});

for (const connections of values.connections.split(',')) {
  const found: Record<StoreName, number[]> = { memory: [], sqlite: [] };
  for (let round = 0; round < Number(values.rounds); round++) {
    for (const store of round % 2 === 0 ? stores : stores.toReversed()) {
      found[store].push(await measure(store, connections));
    }
  }
  const ratios = found.sqlite.map((sends, round) => sends / (found.memory[round] ?? Number.NaN));
  process.stdout.write(`${connections} connections with one send in flight each\n`);
  for (const store of stores) {
    process.stdout.write(`  ${store}  ${spread(found[store], 0)} a second\n`);
  }
  process.stdout.write(`  ratio   ${spread(ratios, 2)}\n`);
}

/** How many sends a second a fresh server of this store answers. */
async function measure(store: StoreName, connections: string): Promise<number> {
  // Beside the sources, on a real disk: a directory for temporary files may be in memory.
  const directory = mkdtempSync(fileURLToPath(new URL('data-', import.meta.url)));
  const server = startServer('--store', store, '--data-dir', directory);
  try {
    const port = String(await portOf(server));
    const sender = new URL('sender.ts', import.meta.url);
    const client = start(sender, port, connections, values['warm-up-ms'], values.ms);
    return Number(await firstLine(client));
  } finally {
    await end(server);
    rmSync(directory, { recursive: true });
  }
}

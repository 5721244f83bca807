// What it costs to keep messages: sends a second with the sqlite store against the memory store.
//
// `node packages/cli/bench/store-throughput.ts [--rounds N] [--ms N]` starts a fresh server and a
// fresh client process for each cell, the stores in turn forwards and backwards, and prints for each
// number of connections the median of each store and of the ratio within a round, with the smallest
// and the largest.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

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
  for (const store of stores)
    process.stdout.write(`  ${store}  ${spread(found[store], 0)} a second\n`);
  process.stdout.write(`  ratio   ${spread(ratios, 2)}\n`);
}

/** How many sends a second a fresh server of this store answers. */
async function measure(store: StoreName, connections: string): Promise<number> {
  // Beside the sources, on a real disk: a directory for temporary files may be in memory.
  const directory = mkdtempSync(fileURLToPath(new URL('data-', import.meta.url)));
  const server = start('../src/main.ts', [
    ...['serve', '--transport', 'socket', '--socket-port', '0', '--log-level', 'silent'],
    ...['--store', store, '--data-dir', directory],
  ]);
  try {
    const port = /:(\d+)$/.exec(await firstLine(server))?.[1] ?? '';
    const args = [port, connections, values['warm-up-ms'], values.ms];
    return Number(await firstLine(start('store-client.ts', args)));
  } finally {
    server.kill('SIGTERM');
    await once(server, 'exit');
    rmSync(directory, { recursive: true });
  }
}

function start(file: string, args: readonly string[]): ChildProcess {
  const script = fileURLToPath(new URL(file, import.meta.url));
  return spawn(process.execPath, [script, ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
}

async function firstLine({ stdout }: ChildProcess): Promise<string> {
  if (stdout === null) throw new Error('a child without output');
  for await (const line of createInterface({ input: stdout })) return line;
  throw new Error('a process of the benchmark ended early; its error is above');
}

function spread(numbers: readonly number[], digits: number): string {
  const sorted = numbers.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? Number.NaN;
  const median = sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] ?? Number.NaN)) / 2;
  const [low, high] = [sorted[0] ?? Number.NaN, sorted.at(-1) ?? Number.NaN];
  return `${median.toFixed(digits)} (${low.toFixed(digits)} to ${high.toFixed(digits)})`;
}

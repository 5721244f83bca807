// A server with a million stored accounts: how long it takes to start, what memory it takes, and how
// long others wait while clients search.
//
// `pnpm --filter @tandem/cli bench:accounts [--accounts N] [--messages N] [--starts N] [--ms N]`
// makes a data directory, starts `tandem serve` on it some times, and then lets one client measure the
// delay of its own requests while others search and send.
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { SqliteStore } from '@tandem/chat';
import { connectSocketClient } from '@tandem/socket-client';
import { end, firstLine, portOf, spread, start, startServer } from './processes.ts';

const { values } = parseArgs({
  options: {
    accounts: { type: 'string', default: '1000000' },
    messages: { type: 'string', default: '1000000' },
    starts: { type: 'string', default: '5' },
    ms: { type: 'string', default: '5000' },
  },
});
const [accounts, messages] = [Number(values.accounts), Number(values.messages)];
// As bad as a query can be for names that are all `a` at first, and one for everybody.
const queries = [`${'a*'.repeat(24)}b`, ''];

const directory = mkdtempSync(fileURLToPath(new URL('data-', import.meta.url)));
try {
  await fill();
  const bytes = statSync(join(directory, 'tandem.db')).size;
  print(`${accounts} accounts, ${messages} messages: ${megabytes(bytes)} on the disk`);
  await measureStarts();
  await measureDelays();
} finally {
  rmSync(directory, { recursive: true });
}

async function fill(): Promise<void> {
  const store = SqliteStore.open({ directory });
  await store.load();
  const write = async (count: number, one: (index: number) => Promise<void>) => {
    for (let from = 0; from < count; from += 512) {
      const size = Math.min(512, count - from);
      await Promise.all(Array.from({ length: size }, (_, i) => one(from + i)));
    }
  };
  await write(accounts, (index) => store.addAccount(name(index)));
  const body = 'a message of an ordinary length, sixty-four characters of it all';
  await write(messages, (index) =>
    // Scattered over all accounts, as messages are.
    store.addMessage(name((index * 7_919) % accounts), { id: index + 1, sender: 'someone', body }),
  );
  await store.close();
}

/** 50 letters, of which the first 43 are `a`: a query of many `a*` has to look at them all. */
function name(index: number): string {
  const letters = [...index.toString(26).padStart(7, '0')];
  return (
    'a'.repeat(43) + letters.map((digit) => (Number.parseInt(digit, 26) + 10).toString(36)).join('')
  );
}

async function measureStarts(): Promise<void> {
  const seconds: number[] = [];
  const processorSeconds: number[] = [];
  const memory: number[] = [];
  for (let i = 0; i < Number(values.starts); i++) {
    const begin = performance.now();
    const server = startServer('--data-dir', directory);
    await portOf(server);
    seconds.push((performance.now() - begin) / 1_000);
    const status = readFileSync(`/proc/${server.pid}/status`, 'utf8');
    memory.push((Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) * 1_024) / 1e6);
    // Of what stands behind the name, the 12th and 13th are processor time, in hundredths of a second.
    const times = readFileSync(`/proc/${server.pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
    processorSeconds.push((Number(times[11]) + Number(times[12])) / 100);
    await end(server);
  }
  print(`from its start until it serves: ${spread(seconds, 1)} s`);
  print(
    `  of which processor time: ${spread(processorSeconds, 1)} s; memory then: ${spread(memory, 0)} MB`,
  );
}

async function measureDelays(): Promise<void> {
  const server = startServer('--data-dir', directory);
  const port = await portOf(server);
  print('largest delay of another client, ms');
  print(`  nobody else                      ${(await largestDelay(port)).toFixed(1)}`);
  for (const clients of [1, 64]) {
    for (const query of queries) {
      const file = new URL('searcher.ts', import.meta.url);
      const searcher = start(file, String(port), String(clients), query);
      await firstLine(searcher);
      const delay = await largestDelay(port);
      await end(searcher, 'SIGKILL');
      const what = `${clients} searching ${query === '' ? 'everybody' : '24 `a*` and a `b`'}`;
      print(`  ${what.padEnd(32)} ${delay.toFixed(1)}`);
    }
  }
  await end(server);
}

/** The largest delay that a client saw which sends without being logged in, again and again. */
async function largestDelay(port: number): Promise<number> {
  const client = await connectSocketClient({ host: '127.0.0.1', port });
  let largest = 0;
  for (let at = performance.now(), over = at + Number(values.ms); at < over; ) {
    await client.send('nobody', 'hi');
    const now = performance.now();
    largest = Math.max(largest, now - at);
    at = now;
  }
  await client.close();
  return largest;
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(0)} MB`;
}

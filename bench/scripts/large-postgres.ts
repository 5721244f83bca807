// What PostgreSQL takes for many accounts: to move them out of SQLite, with a message each, and to search
// among them. A PostgreSQL of its own. `pnpm --filter @tandem/bench bench:large-postgres [ACCOUNTS]`
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { PostgresService } from '@tandem/chat/postgres';
import { TestCluster } from '@tandem/chat/postgres/testing';
import { script } from '@tandem/command';
import { median } from '../src/statistics/order.ts';
import { accountsArgument, fill, nameOf } from './large-data.ts';

const [count] = script('bench:large-postgres', 'Measure PostgreSQL with many accounts.')
  .addArgument(accountsArgument)
  .parse().processedArgs as [number];
const searches = 21;
const tandem = fileURLToPath(new URL('../../packages/cli/bin/tandem.js', import.meta.url));
const directory = mkdtempSync(join(tmpdir(), 'tandem-large-'));
const cluster = await TestCluster.start();
try {
  const url = await cluster.newDatabase();
  await fill(directory, count);
  await move(url);
  await search(url);
} finally {
  await cluster.end();
  rmSync(directory, { recursive: true });
}

async function move(url: string): Promise<void> {
  const args = ['migrate', 'sqlite-to-postgres', '--data-dir', directory, '--postgres-url', url];
  const startedMs = performance.now();
  const moving = spawn(process.execPath, [tandem, ...args], { stdio: 'inherit' });
  await once(moving, 'exit');
  const seconds = (performance.now() - startedMs) / 1_000;
  process.stdout.write(
    `that took ${seconds.toFixed(1)} s: ${Math.round(count / seconds)} accounts with a message each a second\n`,
  );
}

async function search(url: string): Promise<void> {
  const service = await PostgresService.open({ url });
  const client = service.connect({
    push() {},
    mailboxFailed() {},
    resumedElsewhere() {},
    dismissed() {},
  });
  const name = nameOf(Math.floor(count / 3));
  const queries = [
    `${name.slice(0, 6)}*`,
    `${name.slice(0, 1)}*`,
    '*',
    `*${name.slice(2, 8)}*`,
    `*${name.slice(2, 5)}*`,
    `*${name.slice(2, 4)}*`,
    `*${name.slice(5)}`,
    '*a*b*c*d*e*f*',
    '*Q*',
    '*no*such*',
  ];
  for (const query of queries) {
    const times: number[] = [];
    let found = 0;
    for (let i = 0; i < searches; i++) {
      const startedMs = performance.now();
      const outcome = await client.search(query);
      times.push(performance.now() - startedMs);
      found = 'usernames' in outcome ? outcome.usernames.length : 0;
    }
    const [middle, most] = [median(times), Math.max(...times)];
    process.stdout.write(
      `${query}: ${found} found in ${middle.toFixed(1)} ms, at most ${most.toFixed(1)} ms\n`,
    );
  }
  await service.close();
}

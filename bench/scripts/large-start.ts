// What a large database takes, and a start on it: a million accounts with names of 50 letters, and a
// million messages of 64 characters. `pnpm --filter @tandem/bench bench:large-start [ACCOUNTS]`
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { script } from '@tandem/command';
import { accountsArgument, fill } from './large-data.ts';

const [count] = script('bench:large-start', 'Measure a large database, and starts on it.')
  .addArgument(accountsArgument)
  .parse().processedArgs as [number];
const starts = 3;
const tandem = fileURLToPath(new URL('../../packages/cli/bin/tandem.js', import.meta.url));
const directory = mkdtempSync(join(tmpdir(), 'tandem-large-'));
try {
  await fill(directory, count);
  const megabytes = statSync(join(directory, 'tandem.db')).size / 1e6;
  process.stdout.write(`${count} accounts and messages take ${Math.round(megabytes)} MB\n`);
  for (let i = 0; i < starts; i++) process.stdout.write(await start());
} finally {
  rmSync(directory, { recursive: true });
}

/** Starts a server on it, and says what that took until it serves. (Linux only.) */
async function start(): Promise<string> {
  const startedMs = performance.now();
  const args = ['serve', '--data-dir', directory, '--socket-port', '0', '--grpc-port', '0'];
  const server = spawn(process.execPath, [tandem, ...args], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const ended = once(server, 'exit');
  for await (const text of server.stdout.setEncoding('utf8')) {
    if (`${text}`.includes('stop with Ctrl-C')) break;
  }
  const seconds = (performance.now() - startedMs) / 1_000;
  const status = readFileSync(`/proc/${server.pid}/status`, 'utf8');
  const residentMegabytes = Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) / 1_000;
  const [, fields = ''] = readFileSync(`/proc/${server.pid}/stat`, 'utf8').split(') ');
  const [user, system] = fields.split(' ').slice(11, 13).map(Number) as [number, number];
  server.kill('SIGTERM');
  await ended;
  return (
    `it served after ${seconds.toFixed(1)} s, ${((user + system) / 100).toFixed(1)} s of processor time, ` +
    `with ${Math.round(residentMegabytes)} MB of memory\n`
  );
}

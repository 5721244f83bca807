import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';
import { frame } from './fixture.ts';
import { RawClient } from './raw-client.ts';

const hostile = `${'a*'.repeat(24)}b`;
const scanning = `${'a*'.repeat(23)}b*`;
const few = `b${'*a'.repeat(23)}*b*`;

/** A server in a process of its own, with accounts that are bad to search; returns its port. */
async function startCrowded(accounts: number): Promise<number> {
  const script = fileURLToPath(new URL('./crowded-server.ts', import.meta.url));
  const child = spawn(process.execPath, [script, String(accounts)], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  onTestFinished(async () => {
    child.stdin.end();
    if (child.exitCode === null) await once(child, 'exit');
  });
  const [line] = await once(createInterface({ input: child.stdout }), 'line');
  return Number(line);
}

async function connectTo(port: number): Promise<RawClient> {
  const client = await RawClient.connect(port);
  onTestFinished(() => void client.socket.destroy());
  await client.ask('\x81', 1);
  return client;
}

/** Counts the requests of another client that are answered, one after the other, until `over`. */
async function answeredMeanwhile(other: RawClient, over: Promise<unknown>): Promise<number> {
  let isOver = false;
  const end = over.finally(() => {
    isOver = true;
  });
  let answered = 0;
  const answers = new Set<string>();
  for (; !isOver; answered++) answers.add(await other.ask('\x01\x00\x01!', 1));
  expect([...answers]).toEqual(['\x7a']);
  await end;
  return answered;
}

// Counts, not times: a search that were done in one go would leave room for two responses at most.
describe('somebody else is answered all along', () => {
  it('while one client searches a million accounts, however hostile its query', async () => {
    const port = await startCrowded(1_000_000);
    const [searcher, other] = [await connectTo(port), await connectTo(port)];
    for (const [query, times] of [
      [hostile, 8],
      [scanning, 3],
    ] as const) {
      const searched = searcher.ask(frame(3, query).repeat(times), times);
      expect(await answeredMeanwhile(other, searched)).toBeGreaterThan(24);
      expect(await searched).toBe('\x11'.repeat(times));
    }
  });

  it('while many clients pipeline searches that are over in one step', async () => {
    const port = await startCrowded(10);
    const searchers = await Promise.all(Array.from({ length: 16 }, () => connectTo(port)));
    const other = await connectTo(port);
    const searched = searchers.map((client) => client.ask(frame(3, few).repeat(500), 500));
    // Some hundred milliseconds of searching, in slices of four.
    expect(await answeredMeanwhile(other, Promise.all(searched))).toBeGreaterThan(40);
    expect(await Promise.all(searched)).toEqual(searchers.map(() => '\x11'.repeat(500)));
  });
});

import { rm } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, test } from 'vitest';
import type { Rule } from '../src/check/violation.ts';
import { ClientProcesses } from '../src/client/client-processes.ts';
import { soak } from '../src/run/soak.ts';

const sabotagedServe = fileURLToPath(new URL('fixtures/sabotaged-serve.ts', import.meta.url));

const bugs: readonly (readonly [bug: string, rule: Rule])[] = [
  ['answers before the commit', 'lost'],
  ['drops a message on a crash', 'lost'],
  ['repeats a message in place of another', 'repeated'],
  ['alters a message', 'invented'],
  ['returns what was acknowledged', 'returned'],
  ['takes more than was acknowledged', 'lost'],
  ['leaves a message out of its batch', 'lost'],
  ['confirms an acknowledgement before the commit', 'returned'],
  ['keeps a deleted mailbox', 'deleted-kept'],
  ['swaps messages', 'out-of-order'],
  ['admits a user twice', 'two-sessions'],
  ['answers a register before the commit', 'account-lost'],
  ['goes on with a session that is resumed elsewhere', 'two-sessions'],
  ['ignores what a resume says was taken', 'resumed-again'],
  ['takes more than a resume says', 'lost'],
  ['forgets tokens at a restart', 'session-lost'],
  ['forgets at a restart what a resume says was taken', 'resumed-again'],
];

// A bug may first break another rule, and on a busy machine none in one round.
const roundsMax = 9;

const clientProcesses = new ClientProcesses();
afterAll(() => clientProcesses.close());

describe.concurrent('a server that', () => {
  test.each(bugs)('%s is detected: %s', { timeout: 240_000 }, async (bug, rule) => {
    const found = new Set<Rule>();
    for (let round = 0; round < roundsMax && !found.has(rule); round++) {
      for (const other of await findIn(round, bug)) found.add(other);
    }
    expect([...found]).toContain(rule);
  });
});

/** The rules that a server with this bug breaks in a round. */
async function findIn(round: number, bug: string): Promise<Rule[]> {
  const { summary, kept } = await soak({
    command: [sabotagedServe, bug],
    // Its first plan kills the server once in the middle; each start takes a lot of the time.
    seed: 49,
    minutes: 2,
    clients: 8,
    clientProcesses,
    roundSeconds: 2,
    fromRound: round,
    rounds: 1,
    lanes: ['mortal'],
    stopped: new AbortController().signal,
  });
  if (kept !== undefined) await rm(kept, { recursive: true });
  return summary.violations.map((violation) => violation.rule);
}

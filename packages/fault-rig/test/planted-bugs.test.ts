import { rm } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, test } from 'vitest';
import type { Rule } from '../src/check/violation.ts';
import { ClientProcesses } from '../src/client/client-processes.ts';
import { type SoakOptions, soak } from '../src/run/soak.ts';

const sabotagedServe = fileURLToPath(new URL('fixtures/sabotaged-serve.ts', import.meta.url));

type Bug = readonly [bug: string, rule: Rule];

// Only a server that starts again shows these.
const bugsOfCrashes: readonly Bug[] = [
  ['answers before the commit', 'lost'],
  ['drops a message on a crash', 'lost'],
  ['confirms an acknowledgement before the commit', 'returned'],
  ['answers a register before the commit', 'account-lost'],
  ['forgets tokens at a restart', 'session-lost'],
  ['forgets at a restart what a resume says was taken', 'resumed-again'],
];

// A server shows these while it runs.
const otherBugs: readonly Bug[] = [
  ['repeats a message in place of another', 'repeated'],
  ['alters a message', 'invented'],
  ['returns what was acknowledged', 'returned'],
  ['takes more than was acknowledged', 'lost'],
  ['leaves a message out of its batch', 'lost'],
  ['keeps a deleted mailbox', 'deleted-kept'],
  ['swaps messages', 'out-of-order'],
  ['admits a user twice', 'two-sessions'],
  ['goes on with a session that is resumed elsewhere', 'two-sessions'],
  ['ignores what a resume says was taken', 'resumed-again'],
  ['takes more than a resume says', 'lost'],
];

type Course = Pick<SoakOptions, 'lanes' | 'seed'>;
// Each start of a server takes a lot of the time. The first plan of the one kills the server once in the middle, and
// every server at the end. The first plan of the other only breaks connections, all of them once, and deletes many
// accounts.
const crashing: Course = { lanes: ['mortal'], seed: 49 };
const running: Course = { lanes: ['long-lived'], seed: 6362 };

// A bug may first break another rule, and on a busy machine none in one round.
const roundsMax = 30;

const clientProcesses = new ClientProcesses();
afterAll(() => clientProcesses.close());

describe.concurrent('a server that', () => {
  test.each(bugsOfCrashes)('%s is detected: %s', (bug, rule) => detect(bug, rule, crashing));
  test.each(otherBugs)('%s is detected: %s', (bug, rule) => detect(bug, rule, running));
});

async function detect(bug: string, rule: Rule, course: Course): Promise<void> {
  const found = new Set<Rule>();
  for (let round = 0; round < roundsMax && !found.has(rule); round++) {
    for (const other of await findIn(round, bug, course)) found.add(other);
  }
  expect([...found]).toContain(rule);
}

/** The rules that a server with this bug breaks in a round. */
async function findIn(round: number, bug: string, course: Course): Promise<Rule[]> {
  const { summary, kept } = await soak({
    command: [sabotagedServe, bug],
    ...course,
    minutes: 2,
    clients: 8,
    clientProcesses,
    roundSeconds: 2,
    fromRound: round,
    rounds: 1,
    stopped: new AbortController().signal,
  });
  if (kept !== undefined) await rm(kept, { recursive: true });
  return summary.violations.map((violation) => violation.rule);
}

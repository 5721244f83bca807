import { rm } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, test } from 'vitest';
import type { Rule } from '../src/check/violation.ts';
import { ClientProcesses } from '../src/client/client-processes.ts';
import { type SoakOptions, soak } from '../src/run/soak.ts';

const sabotagedServe = fileURLToPath(new URL('fixtures/sabotaged-serve.ts', import.meta.url));

/** A bug of the sabotaged server, and the rule that it breaks. */
export type Bug = readonly [bug: string, rule: Rule];

type Course = Pick<SoakOptions, 'series' | 'seed'>;
// Each start of a server takes a lot of the time. The first plan of the one kills the server once in the middle, and
// every server at the end. The first plan of the other only breaks connections, all of them once, and deletes many
// accounts.
const crashing: Course = { series: ['mortal'], seed: 49 };
const running: Course = { series: ['long-lived'], seed: 6362 };

// A bug may first break another rule, and on a busy machine none in one round.
const roundsMax = 30;

/**
 * Tests that the soak detects each bug of the sabotaged server.
 *
 * @param bugsOfCrashes the bugs that only a server that starts again shows
 * @param otherBugs the bugs that a server shows while it runs
 */
export function describePlantedBugs(
  bugsOfCrashes: readonly Bug[],
  otherBugs: readonly Bug[],
): void {
  const clientProcesses = new ClientProcesses();
  afterAll(() => clientProcesses.close());

  const detect = async (bug: string, rule: Rule, course: Course) => {
    const found = new Set<Rule>();
    for (let round = 0; round < roundsMax && !found.has(rule); round++) {
      for (const other of await findIn(round, bug, course, clientProcesses)) found.add(other);
    }
    expect([...found]).toContain(rule);
  };

  describe.concurrent('a server that', () => {
    test.each(bugsOfCrashes)('%s is detected: %s', (bug, rule) => detect(bug, rule, crashing));
    test.each(otherBugs)('%s is detected: %s', (bug, rule) => detect(bug, rule, running));
  });
}

/** The rules that a server with this bug breaks in a round. */
async function findIn(
  round: number,
  bug: string,
  course: Course,
  clientProcesses: ClientProcesses,
): Promise<Rule[]> {
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

import { rm } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { hasPostgres } from '@tandem/chat/postgres/testing';
import { afterAll, describe, expect, test } from 'vitest';
import type { Rule } from '../src/check/violation.ts';
import { ClientProcesses } from '../src/client/client-processes.ts';
import type { Totals } from '../src/report/tally.ts';
import { type SoakOptions, soak } from '../src/run/soak.ts';

const sabotagedNode = fileURLToPath(new URL('fixtures/sabotaged-node.ts', import.meta.url));
const leaseMs = 1_500;

// Each with a seed whose first plan has the faults that it takes, and the rules that it breaks first. The order of ids
// takes none, and many messages.
interface Bug {
  readonly bug: string;
  readonly seed: number;
  readonly rules: readonly Rule[];
  readonly hasStandby?: boolean;
  readonly roundSeconds?: number;
}

const bugs: readonly Bug[] = [
  { bug: 'has no fence', seed: 17642, rules: ['two-sessions'] },
  { bug: 'orders by ids', seed: 866, rules: ['lost'], roundSeconds: 4 },
  { bug: 'pushes before the commit', seed: 1, rules: ['lost', 'repeated', 'returned'] },
  { bug: 'sends again what is in doubt', seed: 3383, rules: ['repeated', 'returned'] },
  {
    bug: 'takes a wait that was given up for a commit',
    seed: 890,
    rules: ['lost'],
    hasStandby: true,
  },
];

// The order in which processes run is not in a plan, so one round may not show a bug.
const roundsMax = 15;

const clientProcesses = new ClientProcesses();
afterAll(() => clientProcesses.close());

const soakNodes = (
  bug: string,
  options: Pick<SoakOptions, 'nodes' | 'seed' | 'clients' | 'roundSeconds'> & Partial<SoakOptions>,
) =>
  soak({
    command: [sabotagedNode, bug, `${leaseMs}`],
    clientProcesses,
    minutes: 4,
    fromRound: 0,
    stopped: new AbortController().signal,
    ...options,
  });

describe.skipIf(!hasPostgres)('nodes that share a PostgreSQL', () => {
  test('keep their promises through a short plan, in which each of them and it fail', async () => {
    const enough = new AbortController();
    const isEnough = ({ faults, messages }: Totals) =>
      ['kill node', 'fail database over', 'bury node'].every((name) => name in faults) &&
      messages.delivered > 50;
    const { summary, kept } = await soakNodes('nothing', {
      ...{ nodes: { count: 3, hasStandby: true } },
      ...{ seed: 1476, clients: 9, roundSeconds: 9, stopped: enough.signal },
      // The first plan has them all. A busy machine needs more than one.
      onRound: (_, totals) => isEnough(totals) && enough.abort(),
    });
    expect(summary.violations).toEqual([]);
    expect(summary.troubles).toEqual([]);
    expect(kept).toBeUndefined();
    expect(summary.totals).toSatisfy(isEnough);
  });
});

describe.skipIf(!hasPostgres).concurrent('a node that', () => {
  test.each(bugs)('$bug is detected (seed $seed)', async (planted) => {
    const { bug, seed, rules, hasStandby = false, roundSeconds = 8 } = planted;
    const found: Rule[] = [];
    for (let round = 0; round < roundsMax && !rules.some((rule) => found.includes(rule)); round++) {
      const { summary, kept } = await soakNodes(bug, {
        ...{ nodes: { count: 2, hasStandby } },
        ...{ seed, clients: 8, roundSeconds, rounds: 1 },
      });
      if (kept !== undefined) await rm(kept, { recursive: true });
      expect(summary.troubles.filter((text) => text.includes('did not start'))).toEqual([]);
      found.push(...summary.violations.map(({ rule }) => rule));
    }
    expect(rules.filter((rule) => found.includes(rule))).not.toEqual([]);
  });
});

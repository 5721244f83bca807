import { rm } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { hasPostgres } from '@tandem/chat/postgres/testing';
import { afterAll, describe, expect, test } from 'vitest';
import type { Rule } from '../src/check/violation.ts';
import { ClientProcesses } from '../src/client/client-processes.ts';
import { type SoakOptions, soak } from '../src/run/soak.ts';

const sabotagedNode = fileURLToPath(new URL('fixtures/sabotaged-node.ts', import.meta.url));
const leaseMs = 1_500;
const timeout = 240_000;

// Each with a seed whose first plan has the faults that it takes, and the rules that it breaks first.
interface Bug {
  readonly bug: string;
  readonly seed: number;
  readonly rules: readonly Rule[];
  readonly hasStandby?: boolean;
}

const bugs: readonly Bug[] = [
  { bug: 'has no fence', seed: 17642, rules: ['two-sessions'] },
  { bug: 'orders by ids', seed: 1, rules: ['lost'], hasStandby: true },
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
const roundsMax = 6;

const clientProcesses = new ClientProcesses();
afterAll(() => clientProcesses.close());

const soakNodes = (
  bug: string,
  options: Pick<SoakOptions, 'nodes' | 'seed' | 'clients' | 'roundSeconds' | 'rounds'>,
) =>
  soak({
    ...options,
    ...{
      command: [sabotagedNode, bug, `${leaseMs}`],
      clientProcesses,
      minutes: 3,
      fromRound: 0,
    },
    stopped: new AbortController().signal,
  });

describe.skipIf(!hasPostgres)('nodes that share a PostgreSQL', () => {
  test('keep their promises through a short plan, in which each of them and it fail', {
    timeout,
  }, async () => {
    const { summary, kept } = await soakNodes('nothing', {
      ...{ nodes: { count: 3, hasStandby: true } },
      ...{ seed: 1476, clients: 9, roundSeconds: 9, rounds: 1 },
    });
    expect(summary.violations).toEqual([]);
    expect(summary.troubles).toEqual([]);
    expect(kept).toBeUndefined();
    const { faults, messages } = summary.totals;
    expect(faults).toMatchObject({ 'kill node': expect.any(Number) });
    expect(faults).toMatchObject({ 'fail database over': expect.any(Number) });
    expect(faults).toMatchObject({ 'bury node': expect.any(Number) });
    expect(messages.delivered).toBeGreaterThan(50);
  });
});

describe.skipIf(!hasPostgres).concurrent('a node that', () => {
  test.each(bugs)('$bug is detected (seed $seed)', { timeout }, async (planted) => {
    const { bug, seed, rules, hasStandby = false } = planted;
    const found: Rule[] = [];
    for (let round = 0; round < roundsMax && !rules.some((rule) => found.includes(rule)); round++) {
      const { summary, kept } = await soakNodes(bug, {
        ...{ nodes: { count: 2, hasStandby } },
        ...{ seed, clients: 8, roundSeconds: 8, rounds: 1 },
      });
      if (kept !== undefined) await rm(kept, { recursive: true });
      expect(summary.troubles.filter((text) => text.includes('did not start'))).toEqual([]);
      found.push(...summary.violations.map(({ rule }) => rule));
    }
    expect(rules.filter((rule) => found.includes(rule))).not.toEqual([]);
  });
});

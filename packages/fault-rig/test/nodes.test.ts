import { hasPostgres } from '@tandem/chat/postgres/testing';
import { describe, expect, test } from 'vitest';
import type { Totals } from '../src/report/tally.ts';
import { nodesUnderSoak } from './soak-nodes.ts';

const soakNodes = nodesUnderSoak();

describe.skipIf(!hasPostgres)('nodes that share a PostgreSQL', () => {
  test('keep their promises through a short plan, in which each of them and it fail', async () => {
    const enough = new AbortController();
    const isEnough = ({ faults, messages }: Totals) =>
      ['kill node', 'fail database over', 'bury node'].every((name) => name in faults) &&
      messages.delivered > 50;
    const { summary, kept } = await soakNodes('nothing', {
      nodes: { count: 3, hasStandby: true },
      seed: 1476,
      clients: 9,
      roundSeconds: 9,
      stopped: enough.signal,
      // The first plan has them all. A busy machine needs more than one.
      onRound: (_, totals) => isEnough(totals) && enough.abort(),
    });
    expect(summary.violations).toEqual([]);
    expect(summary.troubles).toEqual([]);
    expect(kept).toBeUndefined();
    expect(summary.totals).toSatisfy(isEnough);
  });
});

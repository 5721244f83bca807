import { expect, it } from 'vitest';
import { type Lease, Leases } from './lease-keeper.ts';

const lease = (renewals: number, died = false): Lease => ({
  node: 2,
  renewals: `${renewals}`,
  died,
});
const everyMs = [0, 2_000, 4_000, 6_000, 8_000];

const cases: readonly (readonly [string, readonly (readonly [number, Lease])[], boolean])[] = [
  ['renews at each look', everyMs.map((ms, i) => [ms, lease(i)]), false],
  ['does not renew', everyMs.map((ms) => [ms, lease(7)]), true],
  ['is gone', [[0, lease(7, true)]], true],
  [
    'did not renew while this node was paused, too',
    [0, 20_000, 21_000].map((ms) => [ms, lease(7)]),
    false,
  ],
  ['renews again at last', everyMs.map((ms, i) => [ms, lease(i < 4 ? 7 : 8)]), false],
];

it.each(cases)('tells if a node is dead that %s', (_name, looks, expected) => {
  const leases = new Leases(6_000);
  const dead = looks.map(([askedMs, one]) => leases.dead([one], askedMs)).at(-1);
  expect(dead).toEqual(expected ? [2] : []);
});

import { expect, it } from 'vitest';
import { Cluster } from './cluster.ts';
import type { Node } from './node.ts';

const row = {
  node: 7,
  name: 'h:1',
  began: new Date(0),
  ageMs: 400,
  report: { state: 'serving', clients: 2 },
  draining: false,
  died: false,
};

it.each([
  [{}, 'serving'],
  // Of an earlier version, which reports nothing.
  [{ report: {} }, 'serving'],
  [{ report: { state: 'starting' } }, 'starting'],
  [{ report: { state: 'stopping' } }, 'draining'],
  [{ draining: true }, 'draining'],
  [{ draining: true, ageMs: 3_001 }, 'silent'],
  [{ ageMs: 3_000 }, 'serving'],
  [{ died: true, ageMs: 9_000, name: null, began: null }, 'dead'],
])('shows a node of which the database has %j as %s', async (difference, state) => {
  const read = async () => [{ ...row, ...difference }];
  const cluster = new Cluster({ node: 7, read } as unknown as Node, 6_000);
  const [shown] = await cluster.nodes();
  expect(shown).toMatchObject({ node: 7, state });
  expect(shown?.process).toBe(state === 'dead' ? undefined : 'h:1');
});

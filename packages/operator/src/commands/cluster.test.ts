import { describe, expect, it } from 'vitest';
import { drain } from './cluster.ts';
import type { CommandTargets } from './command.ts';

const asked = { node: 1, state: 'serving', process: 'h:1', clients: 3 };
const wanted = { node: 2, state: 'serving', process: 'h:2', clients: 5, leaseAgeMs: 900 };
const silent = { ...wanted, state: 'silent', leaseAgeMs: 3_500 };
const late = { ...silent, leaseAgeMs: 5_999 };

/** Drains node 2; each look finds what is next, and the last one what was before. */
async function drainOver(looks: readonly (readonly object[])[], args: object = {}, marks = true) {
  const left = [...looks];
  const nodes = async () => (left.length > 1 ? left.shift() : left[0]);
  const marked: number[] = [];
  const mark = async (node: number) => marked.push(node) > 0 && marks;
  const targets = {
    cluster: { own: 1, liveMs: 6_000, nodes, drain: mark },
  } as unknown as CommandTargets;
  const outcome = await drain(targets, { node: '2', ...args });
  return { outcome, marked };
}

describe.concurrent('a drain', () => {
  it.each([
    ['ends', [[asked, wanted], [asked]], { result: { drained: 2 } }, [2]],
    [
      'is seen as dead while its sessions are ended',
      [[asked, wanted], [asked, { ...wanted, state: 'dead' }], [asked]],
      { result: { drained: 2 } },
      [2],
    ],
    [
      'loses its place first, and has another',
      [[asked, wanted], [asked, { ...wanted, node: 3 }], [asked]],
      { result: { drained: 2 } },
      [2, 3],
    ],
    [
      'has the host and the number of the process of another',
      [[asked, { ...wanted, process: asked.process }], [asked]],
      { result: { drained: 2 } },
      [2],
    ],
    [
      'is silent for a while, and ends',
      [[asked, silent], [asked, silent], [asked, { ...wanted, state: 'draining' }], [asked]],
      { result: { drained: 2 } },
      [2],
    ],
    [
      'is silent, and ends before others take it for dead',
      [[asked, silent], [asked, silent], [asked]],
      { result: { drained: 2 } },
      [2],
    ],
    [
      'falls silent, and is taken for dead',
      [[asked, wanted], [asked, late], [asked, { ...late, state: 'dead' }], [asked]],
      { refused: expect.stringContaining('was silent until others ended its sessions, and') },
      [2],
    ],
    [
      'is silent, and is gone when others have taken it for dead',
      [[asked, late], [asked, late], [asked]],
      { refused: expect.stringContaining('was silent until others ended its sessions, and') },
      [2],
    ],
    [
      'is silent for too long, and is gone with the first look',
      [[asked, { ...silent, leaseAgeMs: 6_001 }], [asked]],
      { refused: expect.stringContaining('was silent until others ended its sessions, and') },
      [2],
    ],
    [
      'was silent, and has another place',
      [[asked, silent], [asked, silent], [asked, { ...wanted, node: 3 }], [asked]],
      { result: { drained: 2 } },
      [2, 3],
    ],
    [
      'is dead',
      [[asked, { ...wanted, state: 'dead' }]],
      { refused: expect.stringContaining('is dead, and did not learn') },
      [],
    ],
    [
      'is the last that serves',
      [[{ ...asked, state: 'draining' }, wanted]],
      { refused: expect.stringContaining('no other node serves') },
      [],
    ],
    [
      'goes when another one serves that starts',
      [[{ ...asked, state: 'starting' }, wanted], [asked, wanted], [asked]],
      { result: { drained: 2 } },
      [2],
    ],
    [
      'goes when another one has renewed its lease',
      [[{ ...asked, state: 'silent' }, wanted], [asked, wanted], [asked]],
      { result: { drained: 2 } },
      [2],
    ],
    ['is not there', [[asked]], { refused: 'There is no node 2; see tandem cluster.' }, []],
  ])('of a node that %s', async (_name, looks, expected, marks) => {
    const { outcome, marked } = await drainOver(looks);
    expect(outcome).toEqual(expected);
    expect(marked).toEqual(marks);
  });

  it('of the last node that serves is made with force', async () => {
    const looks = [[{ ...asked, state: 'draining' }, wanted], []];
    expect(await drainOver(looks, { force: 'yes' })).toEqual({
      outcome: { result: { drained: 2 } },
      marked: [2],
    });
  });

  it('is refused when others drain the other nodes at the same moment', async () => {
    const looks = [
      [asked, wanted],
      [{ ...asked, state: 'draining' }, wanted],
    ];
    expect(await drainOver(looks, {}, false)).toEqual({
      outcome: { refused: expect.stringContaining('no other node serves') },
      marked: [2],
    });
  });

  it('of the node that is asked is not waited for', async () => {
    const { outcome, marked } = await drainOver([[asked, wanted]], { node: '1' });
    expect([outcome, marked]).toEqual([{ result: { draining: 1, clients: 3 } }, [1]]);
  });
});

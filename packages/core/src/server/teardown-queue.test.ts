import { Duplex } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { putOffEnd, TeardownQueue } from './teardown-queue.ts';

const turn = () => new Promise((resolve) => setImmediate(resolve));

/** Notes the parts in their order, and how many of them each turn does, until all are done. */
async function turnsOf(parts: readonly (readonly [name: number, units: number])[]) {
  const queue = new TeardownQueue();
  const done: number[] = [];
  for (const [name, units] of parts) queue.run(() => void done.push(name), units);
  const perTurn = [done.length];
  while (done.length < parts.length) {
    const before = done.length;
    await turn();
    perTurn.push(done.length - before);
  }
  return { done, perTurn };
}

describe('a teardown queue', () => {
  it('does a few parts at once', async () => {
    expect((await turnsOf([[1, 1]])).perTurn).toEqual([1]);
  });

  it('spreads many over turns, in order', async () => {
    const parts = Array.from({ length: 300 }, (_, name) => [name, 1] as const);
    const { done, perTurn } = await turnsOf(parts);
    // The first turn goes on until its immediates are done.
    expect(perTurn).toEqual([128, 0, 128, 44]);
    expect(done).toEqual(parts.map(([name]) => name));
  });

  it('counts what each takes, and gives a large one a turn for itself', async () => {
    const { perTurn } = await turnsOf([
      [0, 100],
      [1, 100],
      [2, 1],
      [3, 1_000],
      [4, 128],
      [5, 1],
    ]);
    expect(perTurn).toEqual([2, 0, 2, 1, 1]);
  });

  it('puts off what parts of a turn add to it, and gives a later turn its whole room', async () => {
    const queue = new TeardownQueue();
    let begun = 0;
    let ended = 0;
    const end = () => {
      begun++;
      queue.run(() => void ended++);
    };
    for (let i = 0; i < 200; i++) queue.run(end);
    expect([begun, ended]).toEqual([64, 64]);
    await turn();
    expect([begun, ended]).toEqual([64, 64]);
    await turn();
    expect([begun, ended]).toEqual([192, 64]);
    await turn();
    expect([begun, ended]).toEqual([200, 184]);
    await turn();
    await turn();
    await turn();
    for (let i = 0; i < 128; i++) queue.run(() => void begun++);
    expect(begun).toBe(328);
  });

  it('closes a socket at once that may still be read', () => {
    const queue = new TeardownQueue();
    queue.run(() => {}, 1_000);
    const closed: string[] = [];
    for (const error of [undefined, Object.assign(new Error('failed'), { syscall: 'write' })]) {
      const socket = new (class extends Duplex {
        override _read() {}
        override _destroy(_: Error | null, done: (error?: Error | null) => void) {
          closed.push(error === undefined ? 'by us' : 'by a failed write');
          done(null);
        }
      })();
      putOffEnd(socket, { tearDown: (close) => queue.run(close) });
      socket.destroy(error);
    }
    expect(closed).toEqual(['by us', 'by a failed write']);
  });

  it('has a socket tell its end when its turn has come', async () => {
    const queue = new TeardownQueue();
    const told: string[] = [];
    const sockets = Array.from({ length: 3 }, (_, i) => {
      const socket = new Duplex({ read() {} });
      putOffEnd(socket, { tearDown: (close) => queue.run(close, 100) });
      socket.on('error', ({ message }) => void told.push(`${i} ${message}`));
      socket.on('close', () => void told.push(`${i} closed`));
      return socket;
    });
    for (const socket of sockets) {
      socket.destroy(Object.assign(new Error('failed'), { syscall: 'read' }));
    }
    expect(sockets.map(({ destroyed }) => destroyed)).toEqual([true, true, true]);
    await turn();
    expect(told).toEqual(['0 failed', '0 closed', '1 failed', '1 closed']);
    await turn();
    expect(told.slice(4)).toEqual(['2 failed', '2 closed']);
  });
});

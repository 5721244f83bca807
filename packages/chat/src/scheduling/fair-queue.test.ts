import { describe, expect, it } from 'vitest';
import { FairQueue, type Origin } from './fair-queue.ts';

const [a1, a2, b1] = ['a', 'a', 'b'].map((address) => ({ address }));

function queueOf(...items: readonly [{ address: string } | undefined, string][]) {
  const queue = new FairQueue<string>();
  for (const [origin, item] of items) queue.push(origin as { address: string }, item);
  return queue;
}

function all(queue: FairQueue<string>): string[] {
  const taken: string[] = [];
  for (let next = queue.shift(); next !== undefined; next = queue.shift()) taken.push(next.item);
  return taken;
}

describe('FairQueue', () => {
  it('serves the items of one connection in order', () => {
    expect(all(queueOf([a1, '1'], [a1, '2'], [a1, '3']))).toEqual(['1', '2', '3']);
  });

  it('serves addresses in rotation, and the connections of each in rotation', () => {
    const queue = queueOf([a1, 'a1'], [a1, 'a1'.padEnd(3)], [a2, 'a2'], [b1, 'b1'], [a1, 'a1+']);
    expect(all(queue).map((item) => item.trim())).toEqual(['a1', 'b1', 'a2', 'a1', 'a1+']);
  });

  it('puts who comes back behind those who wait', () => {
    const queue = queueOf([a1, 'a1'], [a2, 'a2'], [b1, 'b1']);
    expect(queue.shift()?.item).toBe('a1');
    queue.push(a1 as { address: string }, 'again');
    expect(all(queue)).toEqual(['b1', 'a2', 'again']);
  });

  it('forgets what is taken out of the middle, and counts', () => {
    const queue = queueOf([a1, '1'], [a1, '2'], [b1, '3']);
    queue.delete(a1 as { address: string }, '2');
    queue.delete(a1 as { address: string }, '2');
    queue.delete(a2 as { address: string }, '1');
    expect(queue.length).toBe(2);
    expect(all(queue)).toEqual(['1', '3']);
    expect(queue.length).toBe(0);
  });

  it('gives each level of an address half as many turns as the one before it', () => {
    const levels = [0, 1, 2, 3];
    const origins = levels.map((level) => ({ address: 'a', level }));
    const queue = new FairQueue<number>((origin) => (origin as { level: number } & Origin).level);
    for (const origin of origins)
      for (let i = 0; i < 160; i++) queue.push(origin, origin.level + i / 1_000);
    const served = [0, 0, 0, 0];
    for (let i = 0; i < 160; i++) {
      const level = Math.floor(queue.shift()?.item ?? Number.NaN);
      served[level] = (served[level] ?? 0) + 1;
    }
    // What is nobody's turn is the first level's.
    expect(served).toEqual([90, 40, 20, 10]);
  });

  it('gives an address its turn, whatever the levels of its connections are', () => {
    const queue = new FairQueue<string>((origin) => (origin === b1 ? 3 : 0));
    queue.push(a1 as Origin, 'a1');
    queue.push(a2 as Origin, 'a2');
    queue.push(b1 as Origin, 'b1');
    expect(all(queue)).toEqual(['a1', 'b1', 'a2']);
  });

  it('keeps the order of a connection that changes its level while it waits', () => {
    let level = 0;
    const queue = new FairQueue<string>(() => level);
    for (const item of ['1', '2', '3']) queue.push(a1 as Origin, item);
    level = 3;
    expect(queue.shift()?.item).toBe('1');
    level = 1;
    queue.push(a1 as Origin, '4');
    expect(all(queue)).toEqual(['2', '3', '4']);
  });
});

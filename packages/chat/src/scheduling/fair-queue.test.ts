import { describe, expect, it } from 'vitest';
import { FairQueue } from './fair-queue.ts';

const [a1, a2, b1] = ['a', 'a', 'b'].map((address) => ({ address }));

function queueOf(...items: readonly [{ address: string } | undefined, string][]) {
  const queue = new FairQueue<string>();
  for (const [origin, item] of items) queue.push(origin as { address: string }, item);
  return queue;
}

function all(queue: FairQueue<string>): string[] {
  const taken: string[] = [];
  for (let item = queue.shift(); item !== undefined; item = queue.shift()) taken.push(item);
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
    expect(queue.shift()).toBe('a1');
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
});

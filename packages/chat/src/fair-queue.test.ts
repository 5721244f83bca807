import { describe, expect, it } from 'vitest';
import { FairQueue } from './fair-queue.ts';

function queueOf(...items: readonly string[]) {
  const queue = new FairQueue<string>();
  for (const item of items) queue.push(item.slice(0, 1), item);
  return queue;
}

function all(queue: FairQueue<string>): string[] {
  const taken: string[] = [];
  for (let item = queue.shift(); item !== undefined; item = queue.shift()) taken.push(item);
  return taken;
}

describe('FairQueue', () => {
  it('serves the items of one address in order', () => {
    expect(all(queueOf('a1', 'a2', 'a3'))).toEqual(['a1', 'a2', 'a3']);
  });

  it('serves addresses in rotation', () => {
    expect(all(queueOf('a1', 'a2', 'a3', 'b1', 'c1', 'b2'))).toEqual([
      'a1',
      'b1',
      'c1',
      'a2',
      'b2',
      'a3',
    ]);
  });

  it('puts what comes back behind what waits', () => {
    const queue = queueOf('a1', 'a2', 'b1');
    expect(queue.shift()).toBe('a1');
    queue.push('a', 'a1');
    expect(all(queue)).toEqual(['b1', 'a2', 'a1']);
  });

  it('forgets what is taken out of the middle', () => {
    const queue = queueOf('a1', 'a2', 'b1');
    queue.delete('a', 'a2');
    queue.delete('a', 'a2');
    queue.delete('c', 'b1');
    expect(all(queue)).toEqual(['a1', 'b1']);
    expect(queue.empty).toBe(true);
  });
});

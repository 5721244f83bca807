import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Origin } from '../../scheduling/fair-queue.ts';
import { stepUnits, WriteQueue } from './write-queue.ts';

/** A queue, and clients of it: those whose names begin with u are users. */
class Stage {
  readonly users = new Set<Origin>();
  readonly queue = new WriteQueue<string>((origin) => this.users.has(origin));
  readonly #origins = new Map<string, Origin>();

  /** @param address by default that of all */
  client(name: string, address = 'all'): Origin {
    let origin = this.#origins.get(name);
    if (origin !== undefined) return origin;
    origin = { address };
    this.#origins.set(name, origin);
    if (name.startsWith('u')) this.users.add(origin);
    return origin;
  }

  push(name: string, count = 1, units = 1): void {
    for (let i = 0; i < count; i++) this.queue.push(this.client(name), name, units);
  }

  /** The number of writes of each client in the next batch. */
  next(): Record<string, number> {
    const counts: Record<string, number> = {};
    for (const name of this.queue.next()) counts[name] = (counts[name] ?? 0) + 1;
    return counts;
  }
}

describe('a batch', () => {
  it('is what one client has waiting, up to its size', () => {
    const stage = new Stage();
    stage.push('u', 600);
    expect([stage.next(), stage.next(), stage.next()]).toEqual([{ u: 512 }, { u: 88 }, {}]);
    stage.push('u', 100, stepUnits);
    expect([stage.next(), stage.next()]).toEqual([{ u: 64 }, { u: 36 }]);
  });

  it('has all of those who want little, whatever others have waiting', () => {
    const stage = new Stage();
    for (let i = 0; i < 40; i++) stage.push(`u${i}`, 1_000);
    expect(Object.keys(stage.next())).toHaveLength(40);
    stage.push('u little', 2);
    expect(stage.next()).toMatchObject({ 'u little': 2 });
  });

  it('has users of an address before many others of it who have used much', () => {
    const stage = new Stage();
    for (let i = 0; i < 600; i++) stage.push(`u${i}`, 100, stepUnits);
    for (let batch = 0; batch < 700; batch++) stage.next();
    stage.push('u little');
    expect(stage.next()).toMatchObject({ 'u little': 1 });
  });

  it('has what a user has left behind before what strangers have waiting', () => {
    const stage = new Stage();
    for (let i = 0; i < 200; i++) stage.push(`s${i}`, 1, stepUnits);
    stage.queue.push({ address: 'all' }, 'gone', stepUnits, true);
    expect(stage.next()).toMatchObject({ gone: 1 });
  });

  it('has as much of sends as of steps, which take longer', () => {
    const stage = new Stage();
    for (let i = 0; i < 63; i++) stage.push(`u${i}`, 10, stepUnits);
    stage.push('u sender', 20);
    expect(stage.next()).toMatchObject({ u0: 1, u62: 1, 'u sender': 8 });
  });

  it('has users before strangers, who have a quarter of it when they want that', () => {
    const stage = new Stage();
    stage.push('stranger', 1_000);
    stage.push('u', 1_000);
    expect(stage.next()).toEqual({ u: 384, stranger: 128 });
    expect(stage.next()).toEqual({ u: 384, stranger: 128 });
    expect(stage.next()).toEqual({ u: 232, stranger: 280 });
    stage.push('u', 600);
    stage.push('another stranger', 8);
    for (let left = stage.queue.length; left > 0; left = stage.queue.length) {
      const { length } = stage.queue.next();
      expect(length).toBe(Math.min(512, left));
    }
  });

  it('goes by addresses first', () => {
    const stage = new Stage();
    for (let i = 0; i < 100; i++) stage.push(`u${i}`, 20);
    stage.client('u far', 'another');
    stage.push('u far', 300);
    expect(stage.next()).toMatchObject({ 'u far': 256 });
  });
});

it('keeps the order of each client, who may log in and out meanwhile, and of all within a batch', () => {
  const names = ['a', 'b', 'u'];
  const actions = fc.array(
    fc.record({
      name: fc.constantFrom(...names),
      does: fc.constantFrom('push', 'push', 'push', 'log in', 'log out', 'take'),
    }),
    { maxLength: 400 },
  );
  fc.assert(
    fc.property(actions, (all) => {
      const stage = new Stage();
      const queue = new WriteQueue<[string, number]>((origin) => stage.users.has(origin));
      const taken: [string, number][] = [];
      const take = () => {
        const batch = queue.next();
        expect(batch.map(([, n]) => n)).toEqual(batch.map(([, n]) => n).sort((a, b) => a - b));
        taken.push(...batch);
        expect(queue.units).toBe(100 * queue.length);
      };
      let pushed = 0;
      for (const { name, does } of all) {
        const origin = stage.client(name);
        if (does === 'push') queue.push(origin, [name, pushed++], 100);
        else if (does === 'log in') stage.users.add(origin);
        else if (does === 'log out') stage.users.delete(origin);
        else take();
      }
      while (queue.length > 0) take();
      expect(taken).toHaveLength(pushed);
      for (const name of names) {
        const own = taken.filter(([of]) => of === name).map(([, n]) => n);
        expect(own).toEqual(own.toSorted((a, b) => a - b));
      }
    }),
  );
});

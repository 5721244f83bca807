import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FairQueue, type Origin, type Ticket } from './fair-queue.ts';

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
    const queue = new FairQueue<string>();
    const [first, second] = ['1', '2', '3'].map((item) => queue.push(a1 as Origin, item));
    const third = queue.push(b1 as Origin, '4');
    second?.cancel();
    second?.cancel();
    expect(queue.length).toBe(3);
    expect(queue.shift()).toBe(first);
    first?.cancel();
    expect(all(queue)).toEqual(['4', '3']);
    expect(queue.length).toBe(0);
    third.cancel();
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

/** The same without levels, by searching through all that waits. */
class SlowQueue {
  readonly #addresses: { address: string; connections: { origin: Origin; items: number[] }[] }[] =
    [];

  push(origin: Origin, item: number): void {
    let line = this.#addresses.find(({ address }) => address === origin.address);
    if (line === undefined) {
      line = { address: origin.address, connections: [] };
      this.#addresses.push(line);
    }
    const place = line.connections.find((one) => one.origin === origin);
    if (place === undefined) line.connections.push({ origin, items: [item] });
    else place.items.push(item);
  }

  shift(): number | undefined {
    const line = this.#addresses.shift();
    const place = line?.connections.shift();
    if (line === undefined || place === undefined) return undefined;
    const item = place.items.shift();
    if (place.items.length > 0) line.connections.push(place);
    if (line.connections.length > 0) this.#addresses.push(line);
    return item;
  }

  delete(item: number): void {
    for (const line of this.#addresses) {
      for (const place of line.connections) place.items = place.items.filter((one) => one !== item);
      line.connections = line.connections.filter(({ items }) => items.length > 0);
    }
    const waiting = this.#addresses.filter(({ connections }) => connections.length > 0);
    this.#addresses.splice(0, this.#addresses.length, ...waiting);
  }
}

it('serves as one that searches through all that waits, whatever comes, leaves and is removed', () => {
  const addresses = 600;
  const step = fc.oneof(
    { weight: 4, arbitrary: fc.record({ push: fc.nat(2 * addresses - 1) }) },
    { weight: 3, arbitrary: fc.record({ shifts: fc.nat(4) }) },
    { weight: 1, arbitrary: fc.record({ cancel: fc.nat(50) }) },
  );
  const property = fc.property(fc.array(step, { maxLength: 300 }), fc.nat(400), (steps, before) => {
    const origins = Array.from({ length: 2 * addresses }, (_, i) => ({ address: `${i >> 1}` }));
    const [queue, slow] = [new FairQueue<number>(), new SlowQueue()];
    const tickets: Ticket<number>[] = [];
    const push = (i: number) => {
      slow.push(origins[i] as Origin, tickets.length);
      tickets.push(queue.push(origins[i] as Origin, tickets.length));
    };
    // So many addresses have come and gone.
    for (let i = 0; i < before; i++) push(2 * i);
    for (let i = 0; i < before; i++) expect(queue.shift()?.item).toBe(slow.shift());
    for (const one of steps) {
      if ('push' in one) push(one.push);
      else if ('cancel' in one) {
        const ticket = tickets.at(-1 - one.cancel);
        ticket?.cancel();
        if (ticket !== undefined) slow.delete(ticket.item);
      } else for (let i = 0; i < one.shifts; i++) expect(queue.shift()?.item).toBe(slow.shift());
    }
    for (let left = queue.length; left > 0; left--) expect(queue.shift()?.item).toBe(slow.shift());
    expect([queue.shift(), slow.shift()]).toEqual([undefined, undefined]);
  });
  fc.assert(property, { numRuns: 100 });
});

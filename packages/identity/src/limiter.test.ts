import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Limiter } from './limiter.ts';

/** The plain thing that a limiter is: a bucket for each key, which fills up as time goes by. */
class Buckets {
  readonly #buckets = new Map<string, { level: number; at: number }>();
  readonly #burst: number;
  readonly #everyMs: number;

  constructor(burst: number, everyMs: number) {
    this.#burst = burst;
    this.#everyMs = everyMs;
  }

  take(key: string, amount: number, now: number): boolean {
    const bucket = this.#filled(key, now);
    if (bucket.level < amount * this.#everyMs) return false;
    bucket.level -= amount * this.#everyMs;
    return true;
  }

  giveBack(key: string, amount: number, now: number): void {
    const bucket = this.#filled(key, now);
    bucket.level = Math.min(this.#burst * this.#everyMs, bucket.level + amount * this.#everyMs);
  }

  /** Counted in milliseconds of filling, which are integers. */
  #filled(key: string, now: number): { level: number; at: number } {
    const full = this.#burst * this.#everyMs;
    const bucket = this.#buckets.get(key) ?? { level: full, at: now };
    bucket.level = Math.min(full, bucket.level + now - bucket.at);
    bucket.at = now;
    this.#buckets.set(key, bucket);
    return bucket;
  }
}

const step = fc.record({
  key: fc.constantFrom('a', 'b', 'c'),
  laterMs: fc.integer({ min: 0, max: 300 }),
  amount: fc.integer({ min: 1, max: 3 }),
  back: fc.boolean(),
});

describe('Limiter', () => {
  it('lets through what a bucket for each key does, and says when there is enough again', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 3, max: 8 }),
        fc.constantFrom(1, 20, 100, 125, 1_000),
        fc.array(step, { maxLength: 100, size: 'max' }),
        (burst, everyMs, steps) => {
          let now = 0;
          const limiter = new Limiter({ burst, perSecond: 1_000 / everyMs }, { now: () => now });
          const buckets = new Buckets(burst, everyMs);
          for (const { key, laterMs, amount, back } of steps) {
            now += laterMs;
            if (back) {
              limiter.giveBack(key, amount);
              buckets.giveBack(key, amount, now);
              continue;
            }
            const before = limiter.waitMs(key, amount);
            const waitMs = limiter.take(key, amount);
            expect(waitMs).toBe(before);
            expect(waitMs === 0).toBe(buckets.take(key, amount, now));
            if (waitMs === 0) continue;
            now += Math.ceil(waitMs) - 1;
            expect(buckets.take(key, amount, now)).toBe(false);
            now += 1;
            expect(limiter.take(key, amount)).toBe(0);
            expect(buckets.take(key, amount, now)).toBe(true);
          }
        },
      ),
    );
  });

  it('knows, when some is given back, what it would know if the rest alone had been taken', () => {
    const part = fc.integer({ min: 0, max: 32 });
    fc.assert(
      fc.property(part, part, fc.integer({ min: 0, max: 5_000 }), (used, others, laterMs) => {
        let now = 0;
        const burst = 100;
        const rate = { burst, perSecond: 10 };
        const [inAdvance, plain] = [0, 1].map(() => new Limiter(rate, { now: () => now }));
        inAdvance?.take('a', 32);
        plain?.take('a', used);
        now = laterMs;
        for (const limiter of [inAdvance, plain]) limiter?.take('a', others);
        inAdvance?.giveBack('a', 32 - used, { amount: 32, atMs: 0 });
        // How long it takes until all is forgotten.
        const wait = plain?.take('a', burst) as number;
        expect(inAdvance?.take('a', burst)).toBeCloseTo(wait);
      }),
    );
  });

  it('never knows more keys than it may, and lets all others share what one may have', () => {
    const limiter = new Limiter({ burst: 2, perSecond: 1 }, { keysMax: 3, now: () => 0 });
    for (const key of ['a', 'b', 'c']) expect(limiter.take(key)).toBe(0);
    expect(limiter.take('d')).toBe(0);
    expect(limiter.take('e')).toBe(0);
    expect(limiter.take('f')).toBe(1_000);
    expect(limiter.take('a')).toBe(0);
    expect(limiter.keys).toBe(3);
  });

  it('forgets keys whose use is forgotten, when it needs the room', () => {
    let now = 0;
    const limiter = new Limiter({ burst: 1, perSecond: 1 }, { keysMax: 100, now: () => now });
    for (let key = 0; key < 100; key++) limiter.take(`early ${key}`);
    now = 1_000;
    for (let key = 0; key < 100; key++) expect(limiter.take(`late ${key}`)).toBe(0);
    expect(limiter.keys).toBe(100);
  });

  it('has no use for a key that gave everything back', () => {
    const limiter = new Limiter({ burst: 1, perSecond: 1 }, { now: () => 0 });
    limiter.take('a');
    limiter.giveBack('a');
    limiter.giveBack('b');
    expect(limiter.keys).toBe(0);
  });

  it('shares what is used elsewhere: two have what one has, once they have told each other', () => {
    let now = 0;
    const two = [0, 1].map(() => new Limiter({ burst: 10, perSecond: 1 }, { now: () => now }));
    const [one, other] = two as [Limiter, Limiter];
    const tell = () => {
      const uses = two.map((each) => each.takeUse());
      for (const [key, amount] of uses[0] ?? []) other.addUse(key, amount);
      for (const [key, amount] of uses[1] ?? []) one.addUse(key, amount);
    };
    tell();
    expect([one.take('a', 6), other.take('a', 3), other.take('b', 2)]).toEqual([0, 0, 0]);
    tell();
    expect([one.take('a'), one.take('a'), other.take('a', 2)]).toEqual([0, 1_000, 2_000 - 1_000]);
    one.giveBack('a');
    tell();
    expect([one.take('b', 8), one.take('b')]).toEqual([0, 1_000]);
    // Never more than all of it, however much was used before they told each other.
    other.addUse('a', 100);
    expect(other.take('a')).toBe(1_000);
    now += 10_000;
    expect(other.take('a', 10)).toBe(0);
  });

  it('tells nothing of keys that use little of what they may, and at least one', () => {
    let now = 0;
    const limiter = new Limiter({ burst: 6_000, perSecond: 100 }, { now: () => now });
    limiter.take('before');
    expect(limiter.takeUse()).toEqual([]);
    now += 1_000;
    limiter.take('little', 12);
    limiter.take('much', 13);
    expect(limiter.takeUse()).toEqual([['much', 13]]);
    limiter.giveBack('much', 13);
    expect(limiter.takeUse()).toEqual([['much', -13]]);
    expect(limiter.takeUse()).toEqual([]);
  });
});

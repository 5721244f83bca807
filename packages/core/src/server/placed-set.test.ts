import fc from 'fast-check';
import { expect, it } from 'vitest';
import { PlacedSet } from './placed-set.ts';

it('a placed set has what was added and not removed', () => {
  const all = Array.from({ length: 8 }, (_, number) => ({ number, place: 0 }));
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.boolean(), fc.nat(7))), (steps) => {
      const [placed, plain] = [new PlacedSet<(typeof all)[number]>(), new Set<object>()];
      for (const [added, which] of steps) {
        const item = all[which] as (typeof all)[number];
        if (added && plain.has(item)) continue;
        if (added) placed.add(item);
        if (added) plain.add(item);
        else {
          placed.delete(item);
          plain.delete(item);
        }
        expect(placed.size).toBe(plain.size);
        expect(new Set<object>(placed)).toEqual(plain);
      }
    }),
  );
});

import fc from 'fast-check';
import { expect, it } from 'vitest';
import { OpenCalls } from './open-calls.ts';

it('the open calls are those that have come and are not over', () => {
  const all = Array.from({ length: 8 }, (_, number) => ({ number, place: 0 }));
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.boolean(), fc.nat(7))), (steps) => {
      const [open, plain] = [new OpenCalls<(typeof all)[number]>(), new Set<object>()];
      for (const [comes, which] of steps) {
        const call = all[which] as (typeof all)[number];
        if (comes && plain.has(call)) continue;
        if (comes) open.add(call);
        if (comes) plain.add(call);
        else {
          open.delete(call);
          plain.delete(call);
        }
        expect(open.size).toBe(plain.size);
        expect(new Set<object>(open)).toEqual(plain);
      }
    }),
  );
});

import fc from 'fast-check';
import { describe, it } from 'vitest';
import { type StoreCommand, StoreModel } from './store-model.ts';

const who = fc.nat({ max: 2 });
const share = fc.constantFrom(0.3, 0.5, 0.8, 1);
const plain = (
  weight: number,
  name: Extract<
    StoreCommand,
    { readonly do: 'turn' | 'sync' | 'flush' | 'break' | 'mend' | 'kill' | 'cut' }
  >['do'],
) => ({
  weight,
  arbitrary: fc.record({ do: fc.constant(name) }),
});

const commands: readonly fc.WeightedArbitrary<StoreCommand>[] = [
  { weight: 4, arbitrary: fc.record({ do: fc.constant('add'), who }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('drop'), who }) },
  { weight: 14, arbitrary: fc.record({ do: fc.constant('send'), who }) },
  { weight: 8, arbitrary: fc.record({ do: fc.constant('remove'), who, share }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('read'), who, share }) },
  plain(6, 'turn'),
  plain(6, 'sync'),
  plain(2, 'flush'),
];
const deaths = [plain(2, 'kill'), plain(3, 'cut')];
const failures = [plain(1, 'break'), plain(3, 'mend')];

async function playAll(played: readonly StoreCommand[]): Promise<void> {
  const model = new StoreModel();
  await model.open();
  for (const command of played) await model.play(command);
  await model.finish();
}

/**
 * Compares the store with a model in random orders of commands.
 *
 * @param numRuns the number of orders of each kind; a slow machine plays fewer
 */
export function describeOrders(numRuns: number): void {
  const runs = { numRuns, interruptAfterTimeLimit: 8_000 };

  describe('whatever is written, taken, read and synced, and in whatever order', () => {
    const play = (...kinds: readonly fc.WeightedArbitrary<StoreCommand>[]) =>
      fc.assert(
        fc.asyncProperty(
          fc.array(fc.oneof(...kinds), { minLength: 10, maxLength: 60, size: 'max' }),
          playAll,
        ),
        runs,
      );

    it('a kill and a power cut leave what was said to be durable', () =>
      play(...commands, ...deaths));

    it('so they do when writes fail, of which nothing is left', () =>
      play(...commands, ...deaths, ...failures));
  });
}

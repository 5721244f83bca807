import fc from 'fast-check';
import { describe, it } from 'vitest';
import { type Command, DeliveryModel } from './delivery-model.ts';

const who = fc.nat({ max: 1 });
const count = fc.integer({ min: 1, max: 4 });

const commands: readonly fc.WeightedArbitrary<Command>[] = [
  {
    weight: 10,
    arbitrary: fc.record({ do: fc.constant('send'), to: who, padding: fc.nat({ max: 24 }) }),
  },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('login'), who }) },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constantFrom('end', 'logout'), who }),
  },
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constant('acknowledge'),
      who,
      share: fc.constantFrom(0, 0.3, 0.5, 0.8, 1),
    }),
  },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('commit'), count }) },
  { weight: 5, arbitrary: fc.record({ do: fc.constant('read'), count }) },
  { weight: 6, arbitrary: fc.record({ do: fc.constant('turn') }) },
];

const failing: fc.WeightedArbitrary<Command> = {
  weight: 2,
  arbitrary: fc.record({ do: fc.constant('fail'), count, from: fc.nat({ max: 2 }) }),
};

/** Enough runs to find a planted bug, and an end on a slow machine. */
const runs = { numRuns: 600, interruptAfterTimeLimit: 4_000 };

async function playAll(takes: boolean, commands: readonly Command[]): Promise<void> {
  const model = await DeliveryModel.open(takes);
  for (const command of commands) await model.play(command);
  await model.finish();
}

describe('whatever is sent, acknowledged and ended while the store is slow', () => {
  const play = (...kinds: readonly fc.WeightedArbitrary<Command>[]) =>
    fc.assert(
      fc.asyncProperty(
        fc.boolean(),
        fc.array(fc.oneof(...kinds), { minLength: 5, maxLength: 80, size: 'max' }),
        playAll,
      ),
      runs,
    );

  it('every message comes, in order and once, within the window, until it is acknowledged', () =>
    play(...commands));

  it('though writes fail, nothing that was answered 24 or 25 is lost, or comes back once its end was confirmed', () =>
    play(...commands, failing));
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { turn } from '../stage.ts';
import { anyStep, ResumptionModel, type ResumptionStep } from './resumption-model.ts';

async function sendAll(model: ResumptionModel, messages: number): Promise<void> {
  for (let i = 0; i < messages; i++) model.send();
  await model.settle();
}

describe('after a kill of the server', () => {
  it('what was taken and not acknowledged does not come again, and all else does', async () => {
    const model = await ResumptionModel.open();
    await sendAll(model, 4);
    model.take(3);
    await model.kill();
    await model.resume();
    expect(model.delivered).toEqual(['4']);
  });

  it('what was taken of a login’s answer does not come again either', async () => {
    const model = await ResumptionModel.open();
    await model.play({ do: 'leave' });
    await sendAll(model, 9);
    await model.resume();
    await sendAll(model, 1);
    model.take(2);
    model.acknowledge();
    model.take(5);
    await model.kill();
    await model.resume();
    expect(model.delivered).toEqual(['8', '9', '10']);
  });

  it('what waited for the window is counted in its order', async () => {
    const model = await ResumptionModel.open();
    await sendAll(model, 6);
    model.take(4);
    model.acknowledge();
    await model.play({ do: 'turn' });
    model.take(1);
    await model.kill();
    await model.resume();
    expect(model.delivered).toEqual(['6']);
  });

  it('counts go on where the session has another token', async () => {
    const model = await ResumptionModel.open();
    await sendAll(model, 3);
    model.take(2);
    model.acknowledge();
    await model.renew();
    await sendAll(model, 1);
    model.take(1);
    await model.kill();
    await model.resume();
    expect(model.delivered).toEqual(['4']);
  });

  it('what came to nobody stays, whatever the count', async () => {
    const model = await ResumptionModel.open();
    await sendAll(model, 2);
    await model.play({ do: 'leave' });
    await sendAll(model, 1);
    await model.kill();
    await sendAll(model, 1);
    await model.resume(1_000);
    expect(model.delivered).toEqual(['3', '4']);
  });

  it('a message is not taken for one that was taken before it could be written', async () => {
    const model = await ResumptionModel.open();
    for (let i = 0; i < 3; i++) {
      model.send();
      model.take(1);
      model.acknowledge();
    }
    await model.renew();
    await model.kill();
    // None of them has left an id behind.
    await sendAll(model, 2);
    await model.resume();
    expect(model.delivered).toEqual(['4', '5']);
  });

  it('a count says nothing of a session whose token was not the last one', async () => {
    const model = await ResumptionModel.open();
    await sendAll(model, 2);
    model.take(2);
    await model.play({ do: 'lose' });
    await sendAll(model, 1);
    await model.kill();
    await model.resume();
    expect(model.delivered).toEqual(['3']);
  });
});

it('is known of a session that ended with more than a window, without a restart too', async () => {
  const model = await ResumptionModel.open();
  await model.play({ do: 'leave' });
  await sendAll(model, 9);
  await model.resume();
  model.take(7);
  await model.play({ do: 'leave' });
  await model.resume();
  expect(model.delivered).toEqual(['8', '9']);
});

const failures = [
  { weight: 2, arbitrary: fc.constant({ do: 'break' } as const) },
  { weight: 3, arbitrary: fc.constant({ do: 'mend' } as const) },
];

/** Plays steps, and lets ann take what there is in the end. Calls `check` then, many times over. */
async function afterSteps(
  step: fc.Arbitrary<ResumptionStep>,
  check: (model: ResumptionModel) => void,
): Promise<void> {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 20, maxLength: 60 }), async (steps) => {
      const model = await ResumptionModel.open();
      for (const each of steps) await model.play(each);
      await model.settle();
      model.mend();
      // Once more and in another turn, as what has failed is tried again then.
      for (let i = 0; i < 2; i++) {
        await turn();
        await model.resume();
      }
      model.take(Number.POSITIVE_INFINITY);
      check(model);
      await model.close();
    }),
    { numRuns: 25 },
  );
}

it('nothing that was taken comes again, and nothing that was kept is lost, whatever happens', async () => {
  await afterSteps(anyStep, ({ again, missing }) => {
    expect(again).toEqual([]);
    expect(missing).toEqual([]);
  });
});

it('nothing that was kept is lost, though writes fail in between', async () => {
  await afterSteps(fc.oneof({ weight: 20, arbitrary: anyStep }, ...failures), ({ missing }) => {
    expect(missing).toEqual([]);
  });
});

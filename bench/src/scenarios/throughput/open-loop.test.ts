import { afterAll, expect, test } from 'vitest';
import { Metronome, monotonicMs } from '../../pacing/metronome.ts';
import { Load } from './open-loop.ts';

const metronome = await Metronome.start();
afterAll(() => metronome.stop());

const lengthMs = 400;
const stallMs = 200;

test('shows a stall in the corrected figures that the uncorrected ones leave out', async () => {
  // One request of 400 stalls, and those behind it cannot be sent until it ends.
  const load = new Load(stallingOnce(100), 1);
  const startAtMs = monotonicMs();
  const schedule = {
    kind: 'constant',
    ratePerSecond: 1_000,
    seed: 1,
    startAtMs,
    lengthMs,
  } as const;

  await metronome.keep(schedule, (intendedAtMs) => load.add(intendedAtMs));
  await load.answered();
  const { values, operations, errors } = load.measurement(startAtMs + lengthMs, lengthMs);

  expect([operations, errors]).toEqual([400, 0]);
  expect(values['corrected-p99']).toBeGreaterThan((stallMs / 2) * 1_000);
  expect(values['uncorrected-p50']).toBeLessThan((stallMs / 4) * 1_000);
  expect(values['uncorrected-p999']).toBeGreaterThan((stallMs / 2) * 1_000);
});

test('sends everything that is due, in order, when the event loop was late', async () => {
  const startAtMs = monotonicMs() - 50;
  const due: number[] = [];

  await metronome.keep(
    { kind: 'constant', ratePerSecond: 1_000, seed: 1, startAtMs, lengthMs: 60 },
    (intendedAtMs) => due.push(Math.round(intendedAtMs - startAtMs)),
  );

  expect(due).toEqual(Array.from({ length: 60 }, (_, i) => i));
});

test('is invalid when responses fall behind the rate', async () => {
  const gate = Promise.withResolvers<void>();
  const load = new Load(() => gate.promise, 10);
  for (let i = 0; i < 100; i++) load.add(monotonicMs());
  const endAtMs = monotonicMs();
  gate.resolve();
  await load.answered();

  const { invalid, targetPerSecond, achievedPerSecond } = load.measurement(endAtMs, 1_000);

  expect(invalid).toEqual(['only 0 of 100 were answered while more were being sent']);
  expect([targetPerSecond, achievedPerSecond]).toEqual([100, 0]);
});

test('counts failures, and goes on', async () => {
  let calls = 0;
  const load = new Load(
    () => (++calls === 1 ? Promise.reject(new Error('no')) : Promise.resolve()),
    1,
  );
  for (let i = 0; i < 3; i++) load.add(monotonicMs());
  await load.answered();

  expect(load.measurement(monotonicMs(), 1_000)).toMatchObject({ operations: 2, errors: 1 });
});

function stallingOnce(at: number): () => Promise<void> {
  let calls = 0;
  return () => {
    if (++calls !== at) return Promise.resolve();
    return new Promise((resolve) => setTimeout(resolve, stallMs));
  };
}

import { expect, test } from 'vitest';
import { findScenario } from '../scenarios/index.ts';
import { estimateCellMs, TimeLeft } from './estimate.ts';

test('takes its pace from what is done', () => {
  const timeLeft = new TimeLeft(10_000);
  expect(timeLeft.leftMs).toBe(10_000);

  timeLeft.done(2_000, 3_000);

  expect(timeLeft.leftMs).toBe(12_000);
  timeLeft.done(8_000, 12_000);
  expect(timeLeft.leftMs).toBe(0);
});

test('expects more of ten thousand connections than of one', () => {
  const times = {
    ...{ measureMs: 100, measureMsMax: 100, measureOperations: 1 },
    ...{ warmUpMsMax: 100, warmUpOperationsMin: 0 },
  };
  const lane = { wire: 'framed' } as const;
  const of = (name: string) => estimateCellMs({ scenario: findScenario(name), lane }, times);

  expect(of('idle-10000')).toBeGreaterThan(of('idle-1') + 5_000);
  expect(of('round-trip-50ms')).toBeGreaterThan(of('round-trip-0ms') + 1_000);
  expect(of('latency-1')).toBeGreaterThan(of('set-up-cold'));
});

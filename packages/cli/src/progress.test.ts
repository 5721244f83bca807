import { expect, it } from 'vitest';
import { copyProgress, everySecond, formatBytes } from './progress.ts';

it.each([
  [0, '0 bytes'],
  [999, '999 bytes'],
  [1_000, '1.0 KB'],
  [24_576, '24.6 KB'],
  [1_234_567_890, '1.2 GB'],
  [9e15, '9000.0 TB'],
])('writes %d bytes as %s', (bytes, text) => {
  expect(formatBytes(bytes)).toBe(text);
});

it('says how much of a copy is done', () => {
  expect(copyProgress(0, 2_000_000)).toBe('0 % of 2.0 MB copied');
  expect(copyProgress(1_999_999, 2_000_000)).toBe('99 % of 2.0 MB copied');
});

it('passes on one word a second, and none in the first', () => {
  let now = 5_000;
  const told: number[] = [];
  const tell = everySecond(
    (at: number) => void told.push(at),
    () => now,
  );
  for (; now < 8_000; now += 250) tell(now);
  expect(told).toEqual([6_000, 7_000]);
});

import { expect, it } from 'vitest';
import { FloodMeter } from './flood-meter.ts';

function meter() {
  const socket = { bytesRead: 0 };
  const flood = new FloodMeter(socket);
  let now = performance.now();
  const hear = (bytes: number, afterMs = 100) => {
    socket.bytesRead += bytes;
    now += afterMs;
    return flood.tooMuch(now);
  };
  return { flood, hear };
}

it('bears as much as a client needs to say, and no more', () => {
  const { hear } = meter();
  for (let i = 0; i < 100; i++) expect(hear(6_000)).toBe(false);
  expect(hear(100_000)).toBe(false);
  expect([hear(100_000), hear(100_000)]).toEqual([false, true]);
});

it('leaves calls and messages out, also when they come after they were announced', () => {
  const { flood, hear } = meter();
  flood.useful(600_000);
  expect(hear(20_000)).toBe(false);
  expect(hear(500_000)).toBe(false);
  expect(hear(400_000)).toBe(true);
});

it('does not let a silent connection save up', () => {
  const { hear } = meter();
  expect(hear(0, 3_600_000)).toBe(false);
  expect(hear(300_000)).toBe(true);
});

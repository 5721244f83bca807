import { expect, it } from 'vitest';
import { FloodMeter, Offenders } from './flood.ts';

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

const minuteMs = 60_000;

it('remembers an address until ten minutes after its last offence', () => {
  const offenders = new Offenders();
  expect(offenders.has('192.0.2.1', 0)).toBe(false);
  offenders.add('192.0.2.1', 0);
  offenders.add('192.0.2.1', 5 * minuteMs);
  expect(offenders.has('192.0.2.1', 15 * minuteMs - 1)).toBe(true);
  expect(offenders.has('192.0.2.2', 5 * minuteMs)).toBe(false);
  expect(offenders.has('192.0.2.1', 15 * minuteMs)).toBe(false);
});

it('forgets the one whose last offence is longest ago when there are too many', () => {
  const offenders = new Offenders();
  offenders.add('first', 0);
  offenders.add('second', 0);
  offenders.add('first', 1);
  for (let i = 0; i < 4_095; i++) offenders.add(`${i}`, 2);
  expect([offenders.has('first', 3), offenders.has('second', 3)]).toEqual([true, false]);
});

import { setImmediate as nextTurn } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { TurnCount } from '../calls/turn-count.ts';
import { FloodMeter, Offenders } from './flood.ts';

function meter() {
  const socket = { bytesRead: 0 };
  const flood = new FloodMeter(socket, new TurnCount());
  let now = performance.now();
  const look = (afterMs = 100) => {
    now += afterMs;
    return flood.tooMuch(now);
  };
  const hear = (bytes: number, afterMs = 100) => {
    socket.bytesRead += bytes;
    return look(afterMs);
  };
  return { flood, socket, look, hear };
}

it('bears as much as a client needs to say, and no more', () => {
  const { hear } = meter();
  for (let i = 0; i < 100; i++) expect(hear(6_000)).toBe(false);
  expect(hear(100_000)).toBe(false);
  expect([hear(100_000), hear(100_000)]).toEqual([false, true]);
});

it('bears less at once while the server is busy', () => {
  const { flood, socket } = meter();
  socket.bytesRead += 125_000;
  expect(flood.tooMuch(performance.now(), true)).toBe(true);
  const other = meter();
  expect(other.hear(100_000)).toBe(false);
  expect(other.flood.tooMuch(performance.now(), true)).toBe(false);
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

it('holds what came since the last call or message for headers without an end, and forgets it slowly', () => {
  const { flood, socket, look, hear } = meter();
  hear(1_000);
  flood.useful(100);
  hear(0);
  expect(flood.unfinishedBytes).toBeLessThanOrEqual(1_000);
  hear(60_000);
  hear(60_000);
  expect(flood.unfinishedBytes).toBeGreaterThan(120_000);
  hear(0, 40_000);
  expect(flood.unfinishedBytes).toBeGreaterThan(60_000);
  for (let i = 0; i < 10; i++) hear(60_000, 60_000);
  expect(flood.unfinishedBytes).toBeLessThanOrEqual(9 * 16_384);
  for (const most of [65_536, 500]) {
    socket.bytesRead += 500;
    flood.useful(100);
    look(0);
    expect(flood.unfinishedBytes).toBeLessThanOrEqual(most);
  }
  hear(0, 10_000);
  expect(flood.unfinishedBytes).toBe(0);
});

it('does not take a call for the end of headers that came with it', () => {
  const { flood, socket, look } = meter();
  socket.bytesRead += 50_000;
  flood.useful(60_000);
  look();
  expect(flood.unfinishedBytes).toBeGreaterThan(49_000);
});

it('does not take credit for a message that came before for the end of headers', () => {
  const { flood, socket, look } = meter();
  socket.bytesRead += 1_000;
  flood.useful(1_000);
  socket.bytesRead += 60_000;
  flood.credit(500);
  look();
  expect(flood.unfinishedBytes).toBeGreaterThan(59_000);
});

it('bears some parts of messages in a turn, and few while all connections send many', async () => {
  const all = new TurnCount();
  const [some, other] = [
    new FloodMeter({ bytesRead: 0 }, all),
    new FloodMeter({ bytesRead: 0 }, all),
  ];
  const parts = (flood: FloodMeter, count: number) =>
    Array.from({ length: count }, () => flood.part()).filter(Boolean).length;
  expect([parts(some, 128), parts(some, 1)]).toEqual([0, 1]);
  await nextTurn();
  expect(parts(some, 128)).toBe(0);
  for (let i = 0; i < 1_000; i++) all.add();
  expect([parts(other, 16), parts(other, 1)]).toEqual([0, 1]);
  await nextTurn();
  expect(parts(other, 128)).toBe(0);
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

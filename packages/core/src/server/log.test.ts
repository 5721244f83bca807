import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { Tally } from './log.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function tallyOf() {
  const told: unknown[] = [];
  const tally = new Tally<'a' | 'b', string>((counts, last) => told.push({ ...counts, last }));
  return { tally, told };
}

it('tells the first time at once, and what follows together', () => {
  const { tally, told } = tallyOf();
  tally.add('a', 'first');
  for (let i = 0; i < 500; i++) tally.add('a', `${i}`);
  tally.add('b', 'last');
  expect(told).toEqual([{ a: 1, last: 'first' }]);
  vi.advanceTimersByTime(10_000);
  expect(told.slice(1)).toEqual([{ a: 500, b: 1, last: 'last' }]);
});

it('tells nothing when nothing happens, and begins anew after a while', () => {
  const { tally, told } = tallyOf();
  tally.add('a', 'once');
  vi.advanceTimersByTime(60_000);
  expect(told.length).toBe(1);
  tally.add('b', 'again');
  expect(told.slice(1)).toEqual([{ b: 1, last: 'again' }]);
});

it('tells no more than once in ten seconds, however long it goes on', () => {
  const { tally, told } = tallyOf();
  for (let ms = 0; ms < 60_000; ms += 10) {
    tally.add('a', '');
    vi.advanceTimersByTime(10);
  }
  expect(told.length).toBeLessThanOrEqual(7);
});

it('tells at the end what was not told', () => {
  const { tally, told } = tallyOf();
  for (let i = 0; i < 3; i++) tally.add('a', `${i}`);
  tally.flush();
  tally.flush();
  // That was not the end of the ten seconds.
  tally.add('b', '3');
  expect(told).toEqual([
    { a: 1, last: '0' },
    { a: 2, last: '2' },
  ]);
});

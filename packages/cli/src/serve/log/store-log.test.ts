import pino from 'pino';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { StoreLog } from './store-log.ts';

const full = new Error('no space');
let lines: { msg: string; writes?: number; err?: { message: string } }[];
let log: StoreLog;

beforeEach(() => {
  lines = [];
  vi.useFakeTimers();
  const logger = pino({}, { write: (line: string) => void lines.push(JSON.parse(line)) });
  log = new StoreLog(logger);
});

afterEach(() => void vi.useRealTimers());

it('tells the first refusal at once, and the next ten seconds of them together', () => {
  log.refused(full);
  for (let i = 0; i < 500; i++) log.refused(full);
  expect(lines).toMatchObject([{ writes: 1, err: { message: 'no space' } }]);
  vi.advanceTimersByTime(10_000);
  expect(lines.map(({ writes }) => writes)).toEqual([1, 500]);
});

it('tells a recovery, and only after a refusal that was told', () => {
  log.recovered();
  for (let i = 0; i < 3; i++) log.refused(full);
  log.recovered();
  // A store at its limit comes and goes with every message that is read.
  for (let i = 0; i < 500; i++) {
    log.refused(full);
    log.recovered();
  }
  expect(lines.map(({ msg, writes }) => [msg, writes])).toEqual([
    ['the store refuses to write', 1],
    ['the store writes again', 2],
  ]);
});

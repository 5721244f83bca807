import { EventEmitter } from 'node:events';
import pino from 'pino';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { logFaults, logWarnings } from './runtime-log.ts';

let lines: { level: number; msg: string; times?: number; err: { message: string } }[];
let runtime: EventEmitter;
const logger = pino({}, { write: (line: string) => void lines.push(JSON.parse(line)) });

beforeEach(() => {
  lines = [];
  runtime = new EventEmitter();
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

it('logs a warning of each kind at once, and then every ten seconds how many there were', () => {
  runtime.on('warning', () => expect.unreachable('it would print to standard error'));
  logWarnings(runtime, logger);
  const timeout = Object.assign(new Error('9999999999 does not fit'), {
    name: 'TimeoutOverflowWarning',
  });
  const old = Object.assign(new Error('Buffer() is deprecated'), { code: 'DEP0005' });
  for (let i = 0; i < 500; i++) runtime.emit('warning', timeout);
  runtime.emit('warning', old);
  expect(lines).toMatchObject([
    { level: 40, msg: 'Node.js warns', times: 1, err: { message: '9999999999 does not fit' } },
    { level: 40, times: 1, err: { message: 'Buffer() is deprecated' } },
  ]);
  vi.advanceTimersByTime(10_000);
  expect(lines.slice(2)).toMatchObject([{ times: 499 }]);
});

it('leaves warnings alone that Node.js was told not to print', () => {
  logWarnings(runtime, logger);
  runtime.emit('warning', new Error('unwanted'));
  expect(lines).toEqual([]);
});

it('logs what nobody handles, and ends', () => {
  let ended = 0;
  logFaults(runtime, logger, () => ended++);
  runtime.emit('uncaughtException', new TypeError('x is undefined'), 'unhandledRejection');
  expect(lines).toMatchObject([{ level: 60, err: { message: 'x is undefined' } }]);
  expect(ended).toBe(1);
});

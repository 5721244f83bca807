import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { LiveLine, secondLine } from './live-line.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllEnvs();
});

function outputOf(isTTY: boolean, columns: number) {
  let written = '';
  const output = { isTTY, columns, write: (text: string) => (written += text) };
  return { output: output as unknown as NodeJS.WriteStream, written: () => written };
}

it('replaces its line on a terminal, is no wider than the terminal, and removes it at the end', () => {
  vi.stubEnv('TERM', 'xterm');
  const { output, written } = outputOf(true, 11);
  const line = new LiveLine(output, () => '0123456789abcdef');
  vi.advanceTimersByTime(1_000);
  line.say('a line that stays');
  line.show(() => 'later');
  vi.advanceTimersByTime(1_000);
  line.stop();
  vi.advanceTimersByTime(2_000);
  const clear = '\r\u001b[2K';
  expect(written()).toBe(`${clear}0123456789${clear}a line that stays\n${clear}later${clear}`);
});

it.each([
  ['elsewhere', false, 'xterm'],
  ['on a terminal that cannot', true, 'dumb'],
  ['on a terminal that is unknown', true, ''],
])('writes plain lines %s, and fewer', (_, isTTY, term) => {
  vi.stubEnv('TERM', term);
  const { output, written } = outputOf(isTTY, 11);
  const line = new LiveLine(output, () => '0123456789abcdef');
  vi.advanceTimersByTime(10_000);
  line.stop();
  expect(written()).toBe('0123456789abcdef\n0123456789abcdef\n');
});

it('has the figures of the last second', () => {
  const second = {
    second: 3,
    answered: 1_234,
    refused: 1,
    failed: 0,
    p50Us: 250,
    p99Us: null,
    maxUs: 1,
  };
  expect(secondLine(5_400, 1_000, second)).toBe(
    '5 s left  1,234/s  p50 250 µs  p99 -  errors 1,000',
  );
  expect(secondLine(-1, 0, undefined)).toBe('0 s left');
});

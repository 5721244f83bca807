import fc from 'fast-check';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { LogOutput } from './log-output.ts';

/** The reaction of a descriptor to a write: it takes at most so many bytes, or fails. */
type Answer = number | 'EAGAIN' | 'ENOSPC' | 'EPIPE';

let written = '';
let answers: Answer[] = [];
let output: LogOutput;

beforeEach(() => {
  vi.useFakeTimers();
  begin([]);
});
afterEach(() => {
  vi.useRealTimers();
});

it('writes each line as it comes', () => {
  output.write('one\n');
  expect(written).toBe('one\n');
  output.write('two\n');
  expect(written).toBe('one\ntwo\n');
});

it('goes on where a slow reader left off, in the middle of a line too', () => {
  begin([2, 'EAGAIN', 'EAGAIN', 'EAGAIN']);
  for (const line of ['one\n', 'two\n', 'three\n']) output.write(line);
  expect(written).toBe('on');
  vi.runOnlyPendingTimers();
  expect(written).toBe('one\ntwo\nthree\n');
});

it.each(['ENOSPC', 'EPIPE'] as const)('counts what %s loses, and says it unasked', (code) => {
  begin([code, code, code]);
  for (const line of ['one\n', 'two\n', 'three\n']) output.write(line);
  expect(written).toBe('');
  vi.runOnlyPendingTimers();
  expect(written).toBe('3 lost\n');
  output.write('four\n');
  expect(written).toBe('3 lost\nfour\n');
});

it('keeps a bounded number of bytes for a reader who has stopped', () => {
  const line = `${'x'.repeat(1023)}\n`;
  begin(Array.from({ length: 5_000 }, () => 'EAGAIN' as const));
  for (let i = 0; i < 5_000; i++) output.write(line);
  answers = [];
  vi.runOnlyPendingTimers();
  output.write('last\n');
  expect(written).toBe(`${line.repeat(1024)}${5_000 - 1024} lost\nlast\n`);
});

it('writes at the end what a slow reader takes in time', () => {
  begin(['EAGAIN', 'EAGAIN', 'EAGAIN']);
  output.write('one\n');
  output.close();
  expect(written).toBe('one\n');
});

it('keeps order and loses no line without counting it, whatever fails and when', () => {
  const answer = fc.oneof(
    fc.integer({ min: 1, max: 6 }),
    fc.constantFrom<Answer>('EAGAIN', 'ENOSPC', 'EPIPE'),
  );
  fc.assert(
    fc.property(fc.array(answer, { maxLength: 40 }), fc.integer({ min: 1, max: 20 }), (all, n) => {
      begin([...all]);
      const lines = Array.from({ length: n }, (_, i) => `line ${i}`);
      for (const line of lines) output.write(`${line}\n`);
      answers = [];
      vi.runOnlyPendingTimers();
      output.write('last\n');
      const seen = written.split('\n').filter((line) => lines.includes(line));
      const lost = [...written.matchAll(/^([0-9]+) lost$/gm)].map(([, count]) => Number(count));
      expect(written).toMatch(/^last\n$/m);
      expect(seen).toEqual(lines.filter((line) => seen.includes(line)));
      // A line that was cut just before its end is seen, and counted too.
      const counted = lost.reduce((sum, count) => sum + count, 0);
      expect(seen.length + counted).toBeGreaterThanOrEqual(n);
      expect(Math.max(0, ...lost)).toBeLessThanOrEqual(n);
    }),
  );
});

function begin(first: Answer[]): void {
  written = '';
  answers = first;
  output = new LogOutput({ fd: -1, lostLine: (lines) => `${lines} lost\n`, write });
}

function write(bytes: Uint8Array): number {
  const answer = answers.shift() ?? bytes.length;
  if (typeof answer === 'string') throw Object.assign(new Error(answer), { code: answer });
  const taken = bytes.subarray(0, answer);
  written += Buffer.from(taken).toString();
  return taken.length;
}

import { expect, test, vi } from 'vitest';
import { makePlan } from '../plan/make-plan.ts';
import type { RoundReport } from '../run/series.ts';
import { Progress } from './progress.ts';
import { Tally } from './tally.ts';

const report: RoundReport = {
  series: 'mortal',
  round: 3,
  plan: makePlan({
    seed: '1',
    prefix: 'r',
    durationMs: 1,
    actors: 2,
    servers: { mortal: true, onSmallDisk: false, canBreakDisk: false },
  }),
  history: { operations: [], takings: [], faults: [] },
  violations: [],
  troubles: [],
  sample: undefined,
  directory: '',
};

function output(isTTY: boolean) {
  const written: string[] = [];
  return { written, isTTY, columns: 40, write: (text: string) => written.push(text) };
}

test('writes a plain line for each round where there is no terminal', () => {
  const plain = output(false);
  const progress = new Progress(plain, 60_000);
  progress.round(report, new Tally().totals);
  progress.round({ ...report, troubles: ['it died'] }, new Tally().totals);
  progress.close();
  expect(plain.written).toEqual([
    '0:00  mortal round 3: nothing wrong; 0 rounds, 0 kills, 0 messages delivered\n',
    '0:00  mortal round 3: 1 WRONG; 0 rounds, 0 kills, 0 messages delivered\n',
  ]);
});

test('redraws one line on a terminal, no wider than the terminal, and removes it', () => {
  vi.useFakeTimers();
  try {
    const terminal = output(true);
    const progress = new Progress(terminal, 90_000);
    vi.advanceTimersByTime(1_000);
    progress.round(report, new Tally().totals);
    progress.close();
    vi.advanceTimersByTime(10_000);
    expect(terminal.written.length).toBe(4);
    for (const text of terminal.written.slice(0, -1)) {
      expect(text.startsWith('\r\x1b[K')).toBe(true);
      expect(text).not.toContain('\n');
      expect(text.length).toBeLessThanOrEqual('\r\x1b[K'.length + 39);
    }
    expect(terminal.written[0]).toContain('of 1:30');
    expect(terminal.written.at(-1)).toBe('\r\x1b[K');
  } finally {
    vi.useRealTimers();
  }
});

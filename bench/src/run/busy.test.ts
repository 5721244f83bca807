import { expect, test } from 'vitest';
import { disturbanceOf } from '../report/analysis/fitness.ts';
import type { ReportRun } from '../report/schema/report.ts';
import { type BusyChoice, BusyMachineError, checkBusy } from './busy.ts';

const calm = disturbanceOf({ othersCores: 0.05, stolenCores: 0 });
const busy = disturbanceOf({ othersCores: 0.9, stolenCores: 0.02 });

async function said(choice: BusyChoice, seen: ReportRun['disturbance'][], abortAt = Infinity) {
  const [lines, stop]: [string[], AbortController] = [[], new AbortController()];
  let looks = 0;
  const look = async () => {
    const one = seen[looks++] ?? null;
    if (looks >= abortAt) stop.abort();
    return one;
  };
  await checkBusy({ choice, signal: stop.signal, say: (line) => lines.push(line), look });
  return { lines, looks };
}

test.each(['wait', 'go-on', 'end'] as const)(
  'says nothing of a calm machine (%s)',
  async (choice) => {
    expect(await said(choice, [calm])).toEqual({ lines: [], looks: 1 });
    expect(await said(choice, [null])).toEqual({ lines: [], looks: 1 });
  },
);

test('goes on beside other programs, and reports the effect', async () => {
  const { lines } = await said('go-on', [busy]);
  expect(lines).toEqual([
    expect.stringMatching(/^the machine is busy: other programs keep 0\.90 cores/),
  ]);
  expect(lines[0]).toContain('not to be cited');
});

test('waits until the machine is calm, and reports the beginning and the end of the wait', async () => {
  const { lines, looks } = await said('wait', [busy, busy, calm]);
  expect(looks).toBe(3);
  expect(lines).toEqual([
    expect.stringContaining('waiting until it is calm'),
    'the machine is calm; measuring begins',
  ]);
});

test('stops waiting when the run is ended', async () => {
  expect((await said('wait', [busy, busy, busy], 2)).looks).toBe(2);
});

test('ends where that was asked for, and tells how to go on', async () => {
  await expect(said('end', [busy])).rejects.toThrow(BusyMachineError);
  await expect(said('end', [busy])).rejects.toThrow(/--busy go-on/);
});

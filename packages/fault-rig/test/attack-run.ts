import { patienceMs } from '@tandem/command/testing/patience';
import { expect } from 'vitest';
import { attacksNamed } from '../src/attack/attacks/index.ts';
import { allVerdicts, type RunReport, type Verdict } from '../src/attack/report/run-report.ts';
import { runAttacks } from '../src/attack/run/attack-run.ts';
import { anywhere } from '../src/attack/run/placement.ts';
import { type ServerCommand, tandemServe } from '../src/server/server-process.ts';

/** Makes a short attack of this name on a server, and stops the server. */
export function attackShortly(
  name: string,
  {
    command = tandemServe,
    seconds = 1,
  }: { command?: ServerCommand; seconds?: number | undefined } = {},
): Promise<RunReport> {
  return runAttacks({
    command,
    attacks: attacksNamed(name),
    seconds,
    baselineSeconds: 0.1,
    store: 'sqlite',
    serve: ['--stop-grace', '1'],
    placement: anywhere,
    namesMax: 2_000,
    // A server that is not idle yet makes delays longer, but delays are not checked here.
    // Newcomers wait behind all that attackers have queued, as long as the machine takes.
    honestPatienceMs: patienceMs,
    calmPatienceMs: 0,
    backPatienceMs: 0,
    stopMarginMs: patienceMs,
    stopped: new AbortController().signal,
  });
}

/**
 * Returns the failed verdicts that do not depend on the machine's load. Delays, the memory that the
 * allocator keeps and the time of a stop are left to runs by hand.
 */
export function wrongWith(run: RunReport): readonly Verdict[] {
  const others = allVerdicts(run).filter(({ name }) => !['delay', 'memory'].includes(name));
  return others.filter(({ passed }) => !passed);
}

/** Makes these attacks at once on `tandem serve`, and expects it to hold. */
export async function expectHeld(names: readonly string[], seconds?: number): Promise<void> {
  const run = await attackShortly(names.join('+'), { seconds });
  expect(wrongWith(run)).toEqual([]);
  const [report] = run.attacks;
  // There were attacks, and honest clients were served.
  expect(report?.counts.connections).toBeGreaterThan(names.length);
  expect(report?.honest.every(({ record }) => record.asked > 0)).toBe(true);
}

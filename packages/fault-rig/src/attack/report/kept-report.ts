import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { availableParallelism, cpus } from 'node:os';
import { getSystemErrorMessage } from 'node:util';
import type { AttackCounts } from '../attacker/protocol.ts';
import type { HonestKind } from '../honest/protocol.ts';
import type { HonestResult } from '../run/honest-clients.ts';
import { allVerdicts, type RunReport, type ServerCost, type Verdict } from './run-report.ts';

/** The options of a measurement. */
interface AskedMeasurement {
  /** The duration of each attack, in seconds. */
  readonly seconds: number;
  /** The time that the honest clients were alone before, in seconds. */
  readonly baselineSeconds: number;
  readonly store: 'sqlite' | 'memory';
  /** Options that were passed on to `serve`. */
  readonly serve: readonly string[];
  /** The cores of the processes, in words. */
  readonly placement: string;
}

/** The circumstances of a measurement. */
export interface Measurement extends AskedMeasurement {
  /** The day, in UTC: `2026-11-29`. */
  readonly date: string;
  /** The number of cores, and the processor. */
  readonly machine: string;
  readonly node: string;
  /** The commit that is checked out; `unknown` outside a repository. */
  readonly commit: string;
}

/** The worst delay of an honest client, in milliseconds, and its part without a processor. */
export type WorstDelay = Pick<HonestResult['record'], 'worstMs' | 'worstOwnMs'>;

/** The worst delay of each honest client. */
type WorstDelays = Readonly<Partial<Record<HonestKind, WorstDelay>>>;

/** The figures of one attack that a report keeps. */
export interface KeptAttack {
  readonly attack: string;
  /** The way in which the machine made it less than its description, in words. */
  readonly note?: string | undefined;
  readonly honest: WorstDelays;
  /** The delays before the attack. */
  readonly alone: WorstDelays;
  readonly server: Pick<
    ServerCost,
    'waitedShare' | 'rssBeforeBytes' | 'rssPeakBytes' | 'rssAfterBytes'
  >;
  readonly stoppedInMs: number;
  readonly counts: AttackCounts;
  readonly verdicts: readonly Verdict[];
}

/** The figures of the table of docs/RELIABILITY.md, with all verdicts. */
export interface KeptReport extends Measurement {
  readonly attacks: readonly KeptAttack[];
}

/** Returns the circumstances of a measurement that begins now. */
export function measuredNow(options: AskedMeasurement): Measurement {
  return {
    date: new Date().toISOString().slice(0, 10),
    machine: `${availableParallelism()} cores (${cpus()[0]?.model.trim() ?? 'unknown'})`,
    node: process.version,
    commit: commit(),
    ...options,
  };
}

function commit(): string {
  try {
    const options = { cwd: import.meta.dirname, encoding: 'utf8' } as const;
    return execFileSync('git', ['rev-parse', '--short', 'HEAD'], options).trim();
  } catch {
    return 'unknown';
  }
}

/** Returns the figures of a measurement that a report keeps, rounded. */
export function keep(measurement: Measurement, runs: readonly RunReport[]): KeptReport {
  return { ...measurement, attacks: runs.flatMap(keepRun) };
}

function keepRun(run: RunReport): KeptAttack[] {
  return run.attacks.map(({ attack, note, honest, server, counts }) => ({
    attack,
    note,
    honest: delaysOf(honest),
    alone: delaysOf(run.baseline),
    server: {
      waitedShare: rounded(server.waitedShare, 3),
      rssBeforeBytes: server.rssBeforeBytes,
      rssPeakBytes: server.rssPeakBytes,
      rssAfterBytes: server.rssAfterBytes,
    },
    stoppedInMs: rounded(run.stoppedInMs, 0),
    counts,
    verdicts: allVerdicts(run),
  }));
}

function delaysOf(results: readonly HonestResult[]): WorstDelays {
  return Object.fromEntries(
    results.map(({ kind, record: { worstMs, worstOwnMs } }) => [
      kind,
      { worstMs: rounded(worstMs, 1), worstOwnMs: rounded(worstOwnMs, 1) },
    ]),
  );
}

function rounded(value: number, decimals: number): number {
  return Number(value.toFixed(decimals));
}

/** Renders a report as JSON, with a line for each attack. */
export function renderJson({ attacks, ...head }: KeptReport): string {
  const lines = attacks.map((attack) => `    ${JSON.stringify(attack)}`);
  return `${JSON.stringify(head, undefined, 2).slice(0, -2)},\n  "attacks": [\n${lines.join(',\n')}\n  ]\n}\n`;
}

/**
 * Reads a report from a file.
 *
 * @throws Error when the file cannot be read, or has no such report
 */
export function readKept(path: string): KeptReport {
  const report = parsed(path);
  if (Array.isArray(report?.attacks)) return report;
  throw new Error(`${path} is no report of pnpm attack --json`);
}

function parsed(path: string): KeptReport | undefined {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    const { errno = 0 } = error as NodeJS.ErrnoException;
    throw new Error(`cannot read ${path}: ${getSystemErrorMessage(errno)}`, { cause: error });
  }
}

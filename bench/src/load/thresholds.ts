import { formatCount, formatNumber, formatPercent } from '../report/words/format.ts';
import type { LoadReport, Threshold } from './record/report.ts';

/** The most errors that a load may have: a number of them, or a share of the operations. */
export type ErrorsMax = { readonly count: number } | { readonly share: number };

/** The limits that a load has to keep. */
export interface Thresholds {
  readonly p50Ms: number | undefined;
  readonly p99Ms: number | undefined;
  readonly errors: ErrorsMax | undefined;
  readonly rateMin: number | undefined;
}

/** Reads `5`, `1%` or `0.1%`; undefined for anything else. */
export function parseErrorsMax(text: string): ErrorsMax | undefined {
  if (/^[0-9]{1,15}$/.test(text)) return { count: Number(text) };
  const [, percent] = /^([0-9]+(?:\.[0-9]+)?)%$/.exec(text) ?? [];
  if (percent === undefined || Number(percent) > 100) return undefined;
  return { share: Number(percent) / 100 };
}

/** Returns each threshold that was asked for, with the figure, and if it was met. */
export function judge(
  asked: Thresholds,
  report: Pick<LoadReport, 'latency' | 'operations' | 'connects'>,
): Threshold[] {
  const judged: Threshold[] = [];
  if (asked.p50Ms !== undefined) judged.push(latency('p50-ms', 50, asked.p50Ms, report));
  if (asked.p99Ms !== undefined) judged.push(latency('p99-ms', 99, asked.p99Ms, report));
  if (asked.errors !== undefined) judged.push(errors(asked.errors, report));
  if (asked.rateMin !== undefined) {
    const value = report.operations.perSecond;
    const met = value >= asked.rateMin;
    const text = `${formatNumber(value)} responses a second, at least ${asked.rateMin} asked for`;
    judged.push({ name: 'rate-min', limit: asked.rateMin, value, met, text });
  }
  return judged;
}

/** Returns the number of errors of a load: refusals, failed operations and failed connects. */
function errorsOf({ operations, connects }: Pick<LoadReport, 'operations' | 'connects'>): number {
  return operations.refused + operations.failed + connects.failed;
}

/** The number that errors are a share of: operations that were due, and connects that failed. */
function attemptsOf({ operations, connects }: Pick<LoadReport, 'operations' | 'connects'>): number {
  return operations.due + connects.failed;
}

function latency(
  name: string,
  percentile: number,
  limit: number,
  report: Pick<LoadReport, 'latency'>,
): Threshold {
  const [all] = report.latency;
  const found = all?.percentiles.find((each) => each.percentile === percentile);
  if (found?.us === undefined || found.us === null) {
    const needed = formatCount(found?.operationsNeeded ?? 1);
    const text = `too few operations to tell: ${formatCount(all?.count ?? 0)}, and it takes ${needed}`;
    return { name, limit, value: null, met: false, text };
  }
  const value = found.us / 1_000;
  const text = `${formatNumber(value)} ms, at most ${limit} asked for`;
  return { name, limit, value, met: value <= limit, text };
}

function errors(asked: ErrorsMax, report: Pick<LoadReport, 'operations' | 'connects'>): Threshold {
  const found = errorsOf(report);
  const name = 'errors';
  if ('count' in asked) {
    const text = `${formatCount(found)}, at most ${formatCount(asked.count)} asked for`;
    return { name, limit: asked.count, value: found, met: found <= asked.count, text };
  }
  const attempts = attemptsOf(report);
  const value = attempts === 0 ? 0 : found / attempts;
  const text = `${formatPercent(value)}, at most ${asked.share * 100}% asked for`;
  return { name, limit: asked.share, value, met: value <= asked.share, text };
}

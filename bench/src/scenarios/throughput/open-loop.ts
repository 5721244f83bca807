import { Metronome, monotonicMs } from '../../pacing/metronome.ts';
import { PacedRequests } from '../../pacing/paced-requests.ts';
import { type ArrivalKind, LatencyRecorder, type LatencySummary } from '../../statistics/index.ts';
import { warmLoops } from '../driving/closed-loop.ts';
import type { WarmUp } from '../driving/warm-up.ts';
import { duration, usageMetrics } from '../metrics.ts';
import type { MeasureContext, Measurement, Metric, Scenario } from '../scenario.ts';

const kinds: readonly ArrivalKind[] = ['constant', 'poisson'];
const ratesPerSecond = [1_000, 4_000] as const;

// The rig reads both CPU clocks before it begins.
const startDelayMs = 20;
/**
 * The shortest time of sending, in milliseconds. A 99th percentile of a few hundred requests would
 * only be the third largest of them.
 */
export const openLoopMsMin = 2_000;
// The fewest arrivals for a 99.9th percentile, for the same reason.
const p999ArrivalsMin = 8_000;
// The requests that come together while the event loop is late, which a load meets now and then.
const burst = 16;
/** The time of sending before requests count, in milliseconds, since the beginning is a burst. */
export const settlingMs = 500;
// A load that is behind its target by more than this part is not the load that was asked for.
const behindMax = 0.03;

const openLoopMetrics: readonly Metric[] = [
  duration('corrected-p50', 'median, from the intended time'),
  duration('corrected-mean', 'mean, from the intended time'),
  duration('corrected-p99', '99th percentile, from the intended time'),
  duration('corrected-p999', '99.9th percentile, from the intended time'),
  duration('uncorrected-p50', 'median, from the actual time'),
  duration('uncorrected-p99', '99th percentile, from the actual time'),
  duration('uncorrected-p999', '99.9th percentile, from the actual time'),
  ...usageMetrics,
];

/**
 * Latency under a load that does not wait for responses. The corrected figures count from the moment
 * at which a request was to be sent, the uncorrected ones from the moment at which it was sent. Those
 * leave out the time for which a stall delays the sending (coordinated omission; Tene, wrk2).
 */
export const openLoop: readonly Scenario[] = kinds.flatMap((kind) =>
  ratesPerSecond.map((ratePerSecond) => ({
    name: `open-loop-${kind}-${ratePerSecond}`,
    family: 'open-loop',
    title: `${ratePerSecond} a second, ${kind === 'constant' ? 'evenly' : 'at random'}`,
    question:
      `How long do searches take that are sent ${ratePerSecond} times a second, ` +
      `${kind === 'constant' ? 'evenly spaced' : 'as a Poisson process'}, answered or not?`,
    parameters: { arrivals: kind, ratePerSecond },
    metrics: metricsAt(ratePerSecond),
    notFor: () => undefined,
    measure: (context: MeasureContext) => measure(context, kind, ratePerSecond),
  })),
);

async function measure(
  context: MeasureContext,
  kind: ArrivalKind,
  ratePerSecond: number,
): Promise<Measurement> {
  const client = await context.connect();
  await client.prepare({ kind: 'search' });
  const operation = client.operation({ kind: 'search' });
  const warm = await warmForLoad(context, operation);
  const metronome = await Metronome.start();
  const send = async (lengthMs: number, seed: number) => {
    const load = new Load(operation, context.lane.depthMax);
    const startAtMs = monotonicMs() + startDelayMs;
    const schedule = { kind, ratePerSecond, seed, startAtMs, lengthMs };
    await metronome.keep(schedule, (intendedAtMs) => load.add(intendedAtMs));
    await load.answered();
    return { load, endAtMs: startAtMs + lengthMs };
  };
  await send(settlingMs, context.seed + 1);
  const lengthMs = Math.max(context.measureMs, openLoopMsMin);
  const { load, endAtMs } = await context.measured(() => send(lengthMs, context.seed));
  await metronome.stop();
  const { values, ...rest } = load.measurement(endAtMs, lengthMs);
  return {
    ...rest,
    values: onlyWanted(values, ratePerSecond),
    ...warm,
  };
}

/** Warms up for a load that does not wait: one at a time, and as many at once as come while responses are late. */
export function warmForLoad(
  context: MeasureContext,
  operation: () => Promise<void>,
): Promise<WarmUp> {
  return warmLoops(context, operation, Math.min(burst, context.lane.depthMax ?? burst));
}

// Returns the figures for which there are enough arrivals.
function onlyWanted(values: Readonly<Record<string, number>>, ratePerSecond: number) {
  const wanted = new Set(metricsAt(ratePerSecond).map(({ name }) => name));
  return Object.fromEntries(Object.entries(values).filter(([name]) => wanted.has(name)));
}

function metricsAt(ratePerSecond: number): readonly Metric[] {
  const enough = (ratePerSecond * openLoopMsMin) / 1_000 >= p999ArrivalsMin;
  return enough ? openLoopMetrics : openLoopMetrics.filter(({ name }) => !name.endsWith('-p999'));
}

/** Requests that are sent when they are due, or as soon after that as the connection takes them. */
export class Load {
  readonly #requests: PacedRequests<void>;
  readonly #corrected = new LatencyRecorder();
  readonly #uncorrected = new LatencyRecorder();
  readonly #answeredAtMs: number[] = [];
  #due = 0;
  #errors = 0;

  constructor(operation: () => Promise<void>, depthMax = Number.POSITIVE_INFINITY) {
    this.#requests = new PacedRequests(operation, depthMax, {
      answered: (_, { intendedAtMs, sentAtMs, endedAtMs }) => {
        this.#answeredAtMs.push(endedAtMs);
        this.#corrected.record(Math.max(0, endedAtMs - intendedAtMs) * 1_000);
        this.#uncorrected.record((endedAtMs - sentAtMs) * 1_000);
      },
      failed: () => {
        this.#errors++;
      },
    });
  }

  add(intendedAtMs: number): void {
    this.#due++;
    this.#requests.add(intendedAtMs);
  }

  /** Stops sending; requests that are due and not sent count as without a response. */
  giveUpWaiting(): void {
    this.#requests.giveUpWaiting();
  }

  /** Resolves when no request is waiting or under way. */
  answered(): Promise<void> {
    return this.#requests.idle();
  }

  measurement(endAtMs: number, lengthMs: number) {
    const inTime = this.#answeredAtMs.filter((at) => at <= endAtMs).length;
    const invalid: string[] = [];
    if (inTime < this.#due * (1 - behindMax)) {
      invalid.push(`only ${inTime} of ${this.#due} were answered while more were being sent`);
    }
    return {
      values: {
        ...named('corrected', this.#corrected.summary()),
        ...named('uncorrected', this.#uncorrected.summary()),
      },
      operations: this.#answeredAtMs.length,
      errors: this.#errors,
      targetPerSecond: (this.#due / lengthMs) * 1_000,
      achievedPerSecond: (inTime / lengthMs) * 1_000,
      invalid,
    };
  }
}

function named(prefix: string, summary: LatencySummary | undefined): Record<string, number> {
  if (summary === undefined) return {};
  return {
    [`${prefix}-p50`]: summary.p50Us,
    [`${prefix}-mean`]: summary.meanUs,
    [`${prefix}-p99`]: summary.p99Us,
    [`${prefix}-p999`]: summary.p999Us,
  };
}

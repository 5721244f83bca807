import { LatencyRecorder, type LatencySummary, littlesLaw } from '../../statistics/index.ts';
import { latencyValues } from '../metrics.ts';
import type { MeasureContext, Measurement } from '../scenario.ts';
import { type WarmUp, type WarmUpLimits, warmUp } from './warm-up.ts';

/** The smallest missing part of the depth, on average over the whole time, that a run reports. */
const missingDepthMax = 0.05;

/** The result of a closed loop of many requests. */
export interface LoopResult extends WarmUp {
  readonly latency: LatencySummary;
  readonly perSecond: number;
  /** The part of the depth that was missing, on average from the first request to the last response. */
  readonly littlesLawError: number;
  /** Notes on it for a reader. */
  readonly notes: readonly string[];
}

/**
 * Keeps one operation under way for each of `operations`: first until the loop is warm, then for as
 * long as the context asks. The first failure ends the loop, since the rest is not the load that was
 * asked for.
 */
export async function closedLoop(
  context: MeasureContext,
  operations: readonly Operation[],
): Promise<LoopResult> {
  const warm = await warmLoop(context, operations);
  const { latency, perSecond, elapsedMs } = await context.measured(() => loop(operations, context));
  const { relativeError, holds } = littlesLaw(
    {
      concurrency: operations.length,
      throughputPerSecond: (latency.count / elapsedMs) * 1_000,
      meanLatencyMs: latency.meanUs / 1_000,
    },
    missingDepthMax,
  );
  const part = Math.round(relativeError * 100);
  const notes = holds ? [] : [`${part}% of the depth were missing, while the last responses came`];
  return { ...warm, latency, perSecond, littlesLawError: relativeError, notes };
}

/** Warms a closed loop up, without measuring. */
function warmLoop(context: WarmUpLimits, operations: readonly Operation[]): Promise<WarmUp> {
  return warmUp(context, async (windowMs) => {
    const { latency } = await loop(operations, { measureMs: windowMs });
    return { medianLatency: latency.p50Us, operations: latency.count };
  });
}

/**
 * Warms up for work one at a time and many at a time. The operations that a warm-up needs
 * are shared by both: the code is the same, and it is warm after half of them, one at a time.
 */
export async function warmLoops(
  context: WarmUpLimits,
  operation: () => Promise<void>,
  depth: number,
): Promise<WarmUp> {
  const warmUpOperationsMin = Math.ceil(context.warmUpOperationsMin / 2);
  const half = { ...context, warmUpOperationsMin };
  const single = await warmLoop(half, [operation]);
  const many = await warmLoop(half, Array(depth).fill(operation));
  return { steady: single.steady && many.steady, warmUpMs: single.warmUpMs + many.warmUpMs };
}

/** Returns the result of a loop as a measurement of throughput and latency. */
export function loopMeasurement(loop: LoopResult): Measurement {
  const { latency, perSecond, littlesLawError, steady, warmUpMs, notes } = loop;
  return {
    values: { throughput: perSecond, ...latencyValues(latency) },
    operations: latency.count,
    steady,
    warmUpMs,
    achievedPerSecond: perSecond,
    littlesLawError,
    notes,
  };
}

type Operation = () => Promise<void>;

interface Loop {
  readonly latency: LatencySummary;
  readonly perSecond: number;
  /** From the first request to the last response. */
  readonly elapsedMs: number;
}

/** The duration of a loop. */
type Length = Pick<MeasureContext, 'measureMs'> &
  Partial<Pick<MeasureContext, 'measureOperations' | 'measureMsMax'>>;

// Each worker keeps one operation under way until its first response after the end. That operation and
// all of its time count. Throughput is all operations divided by the workers' mean time, so
// an operation that is in the latencies is also in the count, however long it took.
async function loop(
  operations: readonly Operation[],
  { measureMs, measureOperations = 0, measureMsMax = measureMs }: Length,
): Promise<Loop> {
  const recorder = new LatencyRecorder();
  const startedAt = performance.now();
  let [underWayMs, elapsedMs] = [0, 0];
  const keepUnderWay = async (operation: Operation) => {
    for (;;) {
      const sentAt = performance.now();
      await operation();
      const answeredAt = performance.now();
      recorder.record((answeredAt - sentAt) * 1_000);
      const ms = answeredAt - startedAt;
      if (ms < measureMs || (ms < measureMsMax && recorder.count < measureOperations)) continue;
      underWayMs += ms;
      elapsedMs = ms;
      return;
    }
  };
  await Promise.all(operations.map(keepUnderWay));
  const latency = recorder.summary();
  if (latency === undefined) throw new Error('nothing was done');
  const perSecond = ((operations.length * latency.count) / underWayMs) * 1_000;
  return { latency, perSecond, elapsedMs };
}

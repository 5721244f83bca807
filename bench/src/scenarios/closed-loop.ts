import { LatencyRecorder, type LatencySummary, littlesLaw } from '../statistics/index.ts';
import { latencyValues } from './metrics.ts';
import type { MeasureContext, Measurement } from './scenario.ts';
import { type WarmUp, warmUp } from './warm-up.ts';

/** How far the figures of a loop may be from fitting together, as a fraction. */
const littlesLawTolerance = 0.05;
/** The part of a window that may be open at its end. */
const openPartMax = 0.25;

/** What a closed loop of many did. */
export interface LoopResult extends WarmUp {
  readonly latency: LatencySummary;
  readonly perSecond: number;
  readonly littlesLawError: number;
  /** Empty, or why the figures do not fit together. */
  readonly invalid: readonly string[];
}

/**
 * Keeps one operation under way for each of `operations`: first until the loop is steady, then for
 * the measuring time. The first that fails ends it: what is behind it is not the load that was asked
 * for.
 */
export async function closedLoop(
  context: MeasureContext,
  operations: readonly (() => Promise<void>)[],
): Promise<LoopResult> {
  const warm = await warmUp(context, async (windowMs) => {
    const { latency } = await loop(operations, windowMs);
    return { medianLatency: latency.p50Us, operations: latency.count };
  });
  const { latency, perSecond } = await context.measured(() => loop(operations, context.measureMs));
  // What is under way when the window ends is not counted in it: a latency's length of it is open.
  const openPart = latency.meanUs / 1_000 / context.measureMs;
  const tolerance = littlesLawTolerance + Math.min(openPart, openPartMax);
  const { relativeError, holds } = littlesLaw(
    {
      concurrency: operations.length,
      throughputPerSecond: perSecond,
      meanLatencyMs: latency.meanUs / 1_000,
    },
    tolerance,
  );
  const invalid = holds ? [] : ["the figures break Little's law: the depth was not kept"];
  return { ...warm, latency, perSecond, littlesLawError: relativeError, invalid };
}

/** What a loop comes to, in the words of a scenario that asks for throughput and latency. */
export function loopMeasurement(loop: LoopResult): Measurement {
  const { latency, perSecond, littlesLawError, steady, warmUpMs, invalid } = loop;
  return {
    values: { throughput: perSecond, ...latencyValues(latency) },
    operations: latency.count,
    errors: 0,
    steady,
    warmUpMs,
    achievedPerSecond: perSecond,
    littlesLawError,
    invalid,
    notes: [],
  };
}

interface Loop {
  readonly latency: LatencySummary;
  readonly perSecond: number;
}

// The last answers come after the window: their latencies count, they do not.
async function loop(operations: readonly (() => Promise<void>)[], timeMs: number): Promise<Loop> {
  const recorder = new LatencyRecorder();
  const endAt = performance.now() + timeMs;
  let inTime = 0;
  const keepUnderWay = async (operation: () => Promise<void>) => {
    for (;;) {
      const sentAt = performance.now();
      await operation();
      const answeredAt = performance.now();
      recorder.record((answeredAt - sentAt) * 1_000);
      if (answeredAt >= endAt) return;
      inTime++;
    }
  };
  await Promise.all(operations.map(keepUnderWay));
  const latency = recorder.summary();
  if (latency === undefined) throw new Error('nothing was done');
  return { latency, perSecond: (inTime / timeMs) * 1_000 };
}

import type { Lane } from '../../lanes/lane.ts';
import { firstReason, needsDepth, needsServer } from '../applies.ts';
import { closedLoop, loopMeasurement } from '../driving/closed-loop.ts';
import { timedMeasurement, timeTask } from '../driving/timed-task.ts';
import { latencyMetrics, latencyValues, usageMetrics } from '../metrics.ts';
import type { MeasureContext, Metric, Scenario } from '../scenario.ts';
import { valuesOf } from './latency.ts';

const KiB = 1_024;
const payloadBytes = [1, 64, KiB, 16 * KiB, 256 * KiB, KiB * KiB] as const;
const bulkBytes = [64 * KiB, KiB * KiB] as const;
const bulkDepth = 16;
// The payload of an HTTP/2 frame; a read from TCP has as much or more.
const pieceBytes = 16 * KiB;

/** Latency against the length of a payload there and back, over echoes, since our chat has at most 262 characters. */
export const payload: readonly Scenario[] = payloadBytes.map((bytes) => ({
  name: `payload-${bytes}`,
  family: 'payload',
  title: `A payload of ${named(bytes)}`,
  question: `How long do ${named(bytes)} take there and back, one after the other?`,
  parameters: { depth: 1, payloadBytes: bytes },
  metrics: [...latencyMetrics, ...usageMetrics],
  notFor: firstReason(needsServer, carries(bytes)),
  measure: async (context) => {
    const client = await context.connect();
    const turn = client.operation(workloadOf(bytes));
    const timed = await timeTask(warmFor(context, bytes), { turn });
    return timedMeasurement(timed, valuesOf(timed.durationsMs));
  },
}));

const bulkMetric: Metric = {
  name: 'bytes-per-second',
  title: 'payload each way',
  unit: 'bytes/s',
  better: 'higher',
};

/** Payload a second on one connection with enough requests under way. */
export const bulk: readonly Scenario[] = bulkBytes.map((bytes) => ({
  name: `bulk-${bytes}`,
  family: 'bulk',
  title: `Payloads of ${named(bytes)}, streaming`,
  question: `How many bytes a second go there and back in payloads of ${named(bytes)}, ${bulkDepth} under way on one connection?`,
  parameters: { depth: bulkDepth, payloadBytes: bytes },
  metrics: [bulkMetric, ...latencyMetrics, ...usageMetrics],
  notFor: firstReason(needsServer, carries(bytes), needsDepth(bulkDepth)),
  measure: async (context) => {
    const client = await context.connect();
    const operation = client.operation(workloadOf(bytes));
    const loop = await closedLoop(warmFor(context, bytes), Array(bulkDepth).fill(operation));
    const values = { ...latencyValues(loop.latency), 'bytes-per-second': loop.perSecond * bytes };
    return { ...loopMeasurement(loop), values };
  },
}));

/** Code runs for each piece of a payload, so a warm-up needs as many pieces as it needs short operations. */
function warmFor(context: MeasureContext, bytes: number): MeasureContext {
  const warmUpOperationsMin = Math.ceil(
    context.warmUpOperationsMin / Math.max(1, bytes / pieceBytes),
  );
  return { ...context, warmUpOperationsMin };
}

function workloadOf(bytes: number) {
  return { kind: 'send', body: 'x'.repeat(bytes) } as const;
}

/** An echo sends a request back; its lane gives the longest that it takes. */
function carries(bytes: number): (lane: Lane) => string | undefined {
  return ({ echoedCharsMax }) => {
    if (echoedCharsMax === undefined) return 'it does not echo what is sent';
    return bytes <= echoedCharsMax ? undefined : `it carries at most ${echoedCharsMax} bytes`;
  };
}

function named(bytes: number): string {
  if (bytes >= KiB * KiB) return `${bytes / KiB / KiB} MiB`;
  if (bytes >= KiB) return `${bytes / KiB} KiB`;
  return bytes === 1 ? '1 byte' : `${bytes} bytes`;
}

import type { Workload } from '../../lanes/lane.ts';
import { ascending, mean, quantile } from '../../statistics/index.ts';
import { type Durations, timedMeasurement, timeTask } from '../driving/timed-task.ts';
import { latencyMetrics, usageMetrics } from '../metrics.ts';
import type { MeasureContext, Measurement, Scenario } from '../scenario.ts';

const bodyChars = [1, 64, 262] as const;

/** Latency of one request at a time. */
export const latency: Scenario = {
  name: 'latency-1',
  family: 'latency',
  title: 'Latency, one at a time',
  question: 'How long does a search for one name take, one after the other on one connection?',
  parameters: { depth: 1 },
  metrics: [...latencyMetrics, ...usageMetrics],
  notFor: () => undefined,
  measure: (context) => measure(context, { kind: 'search' }),
};

/** Latency of a send, against the length of its body. */
export const bodySize: readonly Scenario[] = bodyChars.map((chars) => ({
  name: `body-${chars}`,
  family: 'body',
  title: `A message of ${chars} ${chars === 1 ? 'character' : 'characters'}`,
  question: `How long does a send of ${chars} characters take until its response, one after the other?`,
  parameters: { depth: 1, bodyChars: chars },
  metrics: [...latencyMetrics, ...usageMetrics],
  notFor: () => undefined,
  measure: (context) => measure(context, { kind: 'send', body: 'x'.repeat(chars) }),
}));

async function measure(context: MeasureContext, workload: Workload): Promise<Measurement> {
  const client = await context.connect();
  await client.prepare(workload);
  const timed = await timeTask(context, { turn: client.operation(workload) });
  return timedMeasurement(timed, valuesOf(timed.durationsMs));
}

/** The values of `latencyMetrics`, exactly, of durations in milliseconds. */
export function valuesOf(durationsMs: Durations): Record<string, number> {
  const sorted = ascending(durationsMs);
  return {
    p50: quantile(sorted, 0.5) * 1_000,
    p90: quantile(sorted, 0.9) * 1_000,
    p99: quantile(sorted, 0.99) * 1_000,
    mean: mean(sorted) * 1_000,
  };
}

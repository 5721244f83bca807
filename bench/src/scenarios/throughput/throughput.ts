import { needsDepth } from '../applies.ts';
import { closedLoop, loopMeasurement } from '../driving/closed-loop.ts';
import { throughputMetrics } from '../metrics.ts';
import type { Scenario } from '../scenario.ts';

const depths = [1, 16, 64, 256] as const;

/** Throughput of one connection against how many requests it keeps under way. */
export const throughput: readonly Scenario[] = depths.map((depth) => ({
  name: `throughput-${depth}`,
  family: 'throughput',
  title: `Throughput at depth ${depth}`,
  question: `How many searches a second does one connection carry with ${depth} under way?`,
  parameters: { depth },
  metrics: throughputMetrics,
  notFor: needsDepth(depth),
  measure: async (context) => {
    const client = await context.connect();
    await client.prepare({ kind: 'search' });
    const operation = client.operation({ kind: 'search' });
    return loopMeasurement(await closedLoop(context, Array(depth).fill(operation)));
  },
}));

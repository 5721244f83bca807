import { needsDepth } from './applies.ts';
import { closedLoop } from './closed-loop.ts';
import { cpuMetrics, latencyMetrics, latencyValues } from './metrics.ts';
import type { Scenario } from './scenario.ts';

const depths = [1, 16, 64, 256] as const;

/** Throughput of one connection against how many requests it keeps under way. */
export const throughput: readonly Scenario[] = depths.map((depth) => ({
  name: `throughput-${depth}`,
  family: 'throughput',
  title: `Throughput at depth ${depth}`,
  question: `How many searches a second does one connection carry with ${depth} under way?`,
  parameters: { depth },
  metrics: [
    { name: 'throughput', title: 'throughput', unit: '1/s', better: 'higher' },
    ...latencyMetrics,
    ...cpuMetrics,
  ],
  notFor: needsDepth(depth),
  measure: async (context) => {
    const client = await context.connect();
    await client.prepare({ kind: 'search' });
    const operation = client.operation({ kind: 'search' });
    const loop = await closedLoop(context, Array(depth).fill(operation));
    return {
      values: { throughput: loop.perSecond, ...latencyValues(loop.latency) },
      operations: loop.latency.count,
      errors: 0,
      steady: loop.steady,
      warmUpMs: loop.warmUpMs,
      achievedPerSecond: loop.perSecond,
      littlesLawError: loop.littlesLawError,
      invalid: loop.invalid,
      notes: [],
    };
  },
}));

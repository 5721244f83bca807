import type { LatencySummary } from '../statistics/index.ts';
import type { Metric } from './scenario.ts';

/** A latency or duration in microseconds; less is better. */
export function duration(name: string, title: string): Metric {
  return { name, title, unit: 'us', better: 'lower' };
}

/** The resources that each process uses for an operation. The rig adds the values. */
export const usageMetrics: readonly Metric[] = usageFor('operation');

/** The same for each message that arrived, for scenarios that count those. */
export const usageMetricsOfMessages: readonly Metric[] = usageFor('message');

function usageFor(what: 'operation' | 'message'): readonly Metric[] {
  const kinds = [
    ['cpu', 'CPU of', `us/${what}`],
    ['reads', 'reading system calls of', `calls/${what}`],
    ['writes', 'writing system calls of', `calls/${what}`],
    ['collecting', 'time in garbage collection of', 'fraction'],
    ['allocated', 'heap allocated by', `bytes/${what}`],
  ] as const;
  return kinds.flatMap(([name, title, unit]) =>
    ['client', 'server'].map((process): Metric => {
      return {
        name: `${process}-${name}`,
        title: `${title} the ${process}`,
        unit,
        better: 'lower',
      };
    }),
  );
}

/** The resources that an operation takes of processes beside the server of a lane: further nodes, and a database. */
export const besideMetrics: readonly Metric[] = besideFor('operation');

/** The same for each message that arrived. */
export const besideMetricsOfMessages: readonly Metric[] = besideFor('message');

function besideFor(what: 'operation' | 'message'): readonly Metric[] {
  const kinds = [
    ['nodes-cpu', 'CPU of the other nodes', `us/${what}`],
    ['database-cpu', 'CPU of the database', `us/${what}`],
    ['commits', 'commits of all nodes', `calls/${what}`],
    ['log', 'log that the database writes', `bytes/${what}`],
  ] as const;
  return kinds.map(([name, title, unit]) => ({ name, title, unit, better: 'lower' }));
}

/** The percentiles of a latency, and its mean. */
export const latencyMetrics: readonly Metric[] = [
  duration('p50', 'median latency'),
  duration('p90', '90th percentile'),
  duration('p99', '99th percentile'),
  duration('mean', 'mean latency'),
];

/** The values of {@link latencyMetrics}. */
export function latencyValues(summary: LatencySummary): Record<string, number> {
  const { p50Us, p90Us, p99Us, meanUs } = summary;
  return { p50: p50Us, p90: p90Us, p99: p99Us, mean: meanUs };
}

/** The throughput of a loop of many requests, the latency of each, and their cost. */
export const throughputMetrics: readonly Metric[] = [
  { name: 'throughput', title: 'throughput', unit: '1/s', better: 'higher' },
  ...latencyMetrics,
  ...usageMetrics,
];

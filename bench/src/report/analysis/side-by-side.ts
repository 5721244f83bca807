import type { ReportScenario } from '../schema/report.ts';

type Metric = ReportScenario['metrics'][number];

/**
 * The five figures of an operation that stand together everywhere. A median leaves out what collects
 * garbage in a tail; a mean does not say whose time it is; CPU time is what it costs, and varies least.
 */
export const costMetrics: readonly string[] = ['p50', 'mean', 'p99', 'client-cpu', 'server-cpu'];

/** The system calls that an operation takes, which stand where its CPU time stands. */
export const systemCallMetrics: readonly string[] = [
  'client-reads',
  'client-writes',
  'server-reads',
  'server-writes',
];

/** The garbage of an operation, and the part of the time that goes to collecting it. */
export const collectionMetrics: readonly string[] = [
  'client-allocated',
  'server-allocated',
  'client-collecting',
  'server-collecting',
];

/** The metrics of a scenario as tables have them: the main one, then what an operation takes, then others. */
export function orderedMetrics({ metrics }: Pick<ReportScenario, 'metrics'>): readonly Metric[] {
  const besides = [...costMetrics, ...systemCallMetrics, ...collectionMetrics];
  const costs = besides.flatMap((name) => metrics.find((metric) => metric.name === name) ?? []);
  return [...new Set([...metrics.slice(0, 1), ...costs, ...metrics])];
}

import type { ReportScenario } from '../schema/report.ts';

type Metric = ReportScenario['metrics'][number];

/**
 * What an operation takes, five times: where one of these stands, all stand. A median leaves out what
 * collects garbage in a tail; a mean does not say whose time it is; CPU time is what it costs, and
 * varies least.
 */
export const costMetrics: readonly string[] = ['p50', 'mean', 'p99', 'client-cpu', 'server-cpu'];

/** The metrics of a scenario as tables have them: the main one, then what an operation takes, then others. */
export function orderedMetrics({ metrics }: Pick<ReportScenario, 'metrics'>): readonly Metric[] {
  const costs = costMetrics.flatMap((name) => metrics.find((metric) => metric.name === name) ?? []);
  return [...new Set([...metrics.slice(0, 1), ...costs, ...metrics])];
}

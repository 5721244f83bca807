import { formatCount } from './format.ts';
import { runsThatCount } from './pairs.ts';
import type { ReportCell, ReportScenario } from './report.ts';

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

/** Of how many operations percentiles are: `Of 10,000 to 43,000 operations a run.` Empty when of none. */
export function operationsWords(cells: readonly ReportCell[]): string {
  const counts = cells.flatMap((cell) => runsThatCount(cell).map(({ operations }) => operations));
  if (counts.length === 0) return '';
  const [least, most] = [Math.min(...counts), Math.max(...counts)];
  const range =
    least === most ? formatCount(least) : `${formatCount(least)} to ${formatCount(most)}`;
  return `Of ${range} operations a run.`;
}

import type { PageContext, Section } from '../context.ts';
import { html } from '../markup.ts';
import { type Percentile, percentilesFigure } from './latency.ts';

const shown: readonly Percentile[] = [
  { metric: 'uncorrected-p99', symbol: 'bar', side: 'left' },
  { metric: 'corrected-p99', symbol: 'circle', side: 'right' },
];

/** Latency under a load that does not wait, from the intended and from the actual time together. */
export function openLoopSection(context: PageContext): Section | undefined {
  const figures = context.report.scenarios
    .filter(({ family }) => family === 'open-loop')
    .flatMap(
      (scenario) =>
        percentilesFigure(
          context,
          scenario,
          shown,
          'Shown are 99th percentiles: circles count from the time at which a request was to be sent (corrected), bars from the time at which it was (uncorrected)',
        ) ?? [],
    );
  if (figures.length === 0) return undefined;
  const body = html`
<p>Here requests are sent at their times, answered or not. A client that waits for a stalled server leaves out just the requests that would have suffered most; where circle and bar part, it would have hidden that much.</p>
${figures}`;
  return { id: 'open-loop', title: 'Under a load that does not wait', body };
}

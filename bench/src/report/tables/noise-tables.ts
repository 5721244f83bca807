import { median } from '../../statistics/index.ts';
import { ladderSource } from '../analysis/ladder.ts';
import type { ReportIndex } from '../schema/report-index.ts';
import { formatReach, formatValue, formatWithInterval } from '../words/format.ts';
import { placementTitles } from '../words/places.ts';
import { type TableContext, type TableData, tableOf } from './table-data.ts';

/** Tables of the rig's own noise, and of a delay that was put in. */
export function noiseTables({ index }: TableContext): TableData[] {
  const { floors, injected } = index.report.noise;
  const byMetric = [...Map.groupBy(floors, ({ metric }) => metric)].map(([metric, group]) => {
    const [largest] = [...group].sort((a, b) => b.floor - a.floor);
    const without = group.filter(({ ci95 }) => ci95 !== null && (ci95[0] > 1 || ci95[1] < 1));
    return [
      metric,
      `${group.length}`,
      formatReach(median(group.map(({ floor }) => floor))),
      formatReach(largest?.floor ?? 0),
      `${largest?.lane}, ${largest?.scenario}`,
      `${without.length}`,
    ];
  });
  const delays = injected.map(({ lane, placement, injectedUs, seenUs, ci95, seen }) => [
    `${index.lane(lane)?.title ?? lane}, ${placementTitles[placement]}`,
    formatValue(injectedUs, 'us'),
    formatWithInterval(seenUs, ci95, 'us'),
    ci95 === null ? 'too few rounds to say' : seen ? 'yes' : 'no',
  ]);
  const head = ['metric', 'comparisons', 'floor, median', 'largest', 'of', 'interval without 1'];
  return [
    ...tableOf('Noise of the rig: lanes against themselves', head, byMetric, {
      note: 'The distance from 1 that the ratio of two equal lanes may have, by metric: the median and the most. The rig may cause a smaller difference between these lanes. Where a lane did not run twice in a scenario, only the interval decides.',
    }),
    ...tableOf(
      'A delay put in on purpose, and what the rig saw of it',
      ['', 'put in', 'seen', 'called a difference'],
      delays,
    ),
  ];
}

/** Says the same in a sentence or two, or that it is not known. */
export function noiseWords({ report }: ReportIndex): string[] {
  const { floors, injected } = report.noise;
  const largest = (metric: string) =>
    Math.max(...floors.filter((one) => one.metric === metric).map(({ floor }) => floor));
  const said = [
    { metric: ladderSource.metric, what: 'median latencies' },
    { metric: 'throughput', what: 'throughputs' },
  ].filter(({ metric }) => Number.isFinite(largest(metric)));
  const parts = said.map(({ metric, what }) => `up to ${formatReach(largest(metric))} in ${what}`);
  const delays = [...Map.groupBy(injected, ({ injectedUs }) => injectedUs)].map(([us, group]) => {
    const seen = group.map(
      ({ seenUs, placement }) => `${formatValue(seenUs, 'us')} (${placementTitles[placement]})`,
    );
    return `A delay of ${formatValue(us, 'us')} put in on purpose showed as ${seen.join(' and ')}.`;
  });
  const unknown =
    'No lane was measured twice, so the noise of the rig is not known. Only its interval shows if a ratio is a difference.';
  return [
    parts.length === 0
      ? unknown
      : `Lanes that were measured against themselves show that the rig alone makes differences of ${parts.join(' and ')}.`,
    ...delays,
  ];
}

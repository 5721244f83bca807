import { headlinesAmong } from '../report/analysis/contenders.ts';
import type { Placement, Report, ReportRatio } from '../report/schema/report.ts';
import { ReportIndex } from '../report/schema/report-index.ts';

/** A ratio as one report has it. */
interface KnownRatio {
  readonly value: number;
  /** Null where there were too few rounds for one. */
  readonly ci95: readonly [number, number] | null;
}

/** A ratio that both reports are for. */
export interface HeadlineAgreement {
  readonly scenario: string;
  readonly placement: Placement;
  readonly metric: string;
  readonly lane: string;
  readonly baseline: string;
  readonly a: KnownRatio;
  readonly b: KnownRatio;
  /**
   * `agree` when the intervals overlap; `no interval` when one of them has none; `not valid` when a cell
   * of it is not.
   */
  readonly verdict: 'agree' | 'differ' | 'no interval' | 'not valid';
}

/** Tells of each ratio that the reports are for whether both found the same, by their intervals. */
export function agreementOfHeadlines(a: Report, b: Report): HeadlineAgreement[] {
  const other = new ReportIndex(b);
  const main = new Map(a.scenarios.map(({ name, metrics }) => [name, metrics[0]?.name]));
  return headlinesAmong(a.ratios.filter(({ scenario, metric }) => main.get(scenario) === metric))
    .flatMap((ratio) => {
      const found = other.ratio(ratio, ratio.metric, ratio.baseline);
      return found === undefined ? [] : [agreementOf(ratio, found)];
    })
    .sort((one, two) => keyOf(one).localeCompare(keyOf(two)));
}

function agreementOf(first: ReportRatio, second: ReportRatio): HeadlineAgreement {
  const { scenario, placement, metric, lane, baseline } = first;
  const [a, b] = [knownOf(first), knownOf(second)];
  const verdict = first.valid && second.valid ? verdictOf(a.ci95, b.ci95) : 'not valid';
  return { scenario, placement, metric, lane, baseline, a, b, verdict };
}

function verdictOf(a: KnownRatio['ci95'], b: KnownRatio['ci95']): HeadlineAgreement['verdict'] {
  if (a === null || b === null) return 'no interval';
  return a[0] <= b[1] && b[0] <= a[1] ? 'agree' : 'differ';
}

function knownOf({ value, ci95 }: ReportRatio): KnownRatio {
  return { value, ci95: ci95 ?? null };
}

function keyOf({ scenario, placement }: HeadlineAgreement): string {
  return `${scenario} ${placement}`;
}

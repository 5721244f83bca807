import { contenderWords } from '../analysis/contenders.ts';
import { isRefused, unfitnesses } from '../analysis/fitness.ts';
import type { Report, ReportCell } from '../schema/report.ts';
import { placementTitles } from './places.ts';
import type { Sentence } from './verdict-phrase.ts';

const namedMax = 4;

/** Says of which cells of the lanes that the verdict is about the figures are not to be cited, and why. */
export function unfitSentences(report: Report): Sentence[] {
  const ofThese = report.cells.filter(({ lane }) => lane in contenderWords);
  return unfitnesses.flatMap((unfitness) => {
    const unfit = ofThese.filter(unfitness.is);
    const [first] = unfit;
    if (first === undefined) return [];
    const { topic, why } = unfitness;
    const { scenario, lane, placement } = first;
    const refused = isRefused(report, unfitness) ? ' Their figures are not to be cited.' : '';
    const text = `in ${unfit.length} of ${ofThese.length} cells of these lanes ${why} (${cellNames(unfit)}).${refused}`;
    return [{ topic, text, source: { scenario, metric: topic, placement, lane, baseline: lane } }];
  });
}

/** Cells as a sentence names them: the first few, and how many more. */
function cellNames(cells: readonly ReportCell[]): string {
  const names = cells
    .slice(0, namedMax)
    .map(
      ({ scenario, lane, placement }) =>
        `${scenario} of ${contenderWords[lane] ?? lane}, ${placementTitles[placement]}`,
    );
  const more = cells.length - names.length;
  return `${names.join('; ')}${more > 0 ? `; and ${more} more` : ''}`;
}

import { contenderWords } from './contenders.ts';
import type { Report, ReportCell } from './report.ts';
import { placementTitles } from './table-data.ts';
import type { Sentence } from './verdict-phrase.ts';

const namedMax = 4;

/**
 * Says which cells of the lanes that the verdict is about were not steady when their warm-up had to
 * end, in most of their runs; nothing when there are none. Such figures may be those of code that is
 * still being optimized.
 */
export function steadySentences({ cells }: Report): Sentence[] {
  const judged = cells.filter(
    ({ lane, runs }) => lane in contenderWords && runs.some(({ steady }) => steady !== null),
  );
  const unsteady = judged.filter(
    ({ runs }) => runs.filter(({ steady }) => steady === false).length * 2 > runs.length,
  );
  const [first] = unsteady;
  if (first === undefined) return [];
  const text =
    `not steady, in most runs, when the warm-up had to end: ${unsteady.length} of ` +
    `${judged.length} cells of these lanes (${cellNames(unsteady)}). ` +
    'What code still gains with time is missing from them.';
  const { scenario, lane, placement } = first;
  const source = { scenario, metric: 'steady', placement, lane, baseline: lane };
  return [{ topic: 'steadiness', text, source }];
}

/** Cells as a sentence names them: the first few, and how many more. */
export function cellNames(cells: readonly ReportCell[]): string {
  const names = cells.slice(0, namedMax).map(nameOf);
  const more = cells.length - names.length;
  return `${names.join('; ')}${more > 0 ? `; and ${more} more` : ''}`;
}

function nameOf({ scenario, lane, placement }: ReportCell): string {
  return `${scenario} of ${contenderWords[lane] ?? lane}, ${placementTitles[placement]}`;
}

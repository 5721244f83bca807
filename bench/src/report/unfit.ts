import { contenderWords } from './contenders.ts';
import { isDisturbed } from './disturbance.ts';
import { runsThatCount } from './pairs.ts';
import type { Report, ReportCell } from './report.ts';
import { isSlowCell } from './slow-runs.ts';
import { placementTitles } from './table-data.ts';
import type { Sentence } from './verdict-phrase.ts';

/** A reason for which figures are not to be cited, though they are valid: they are what there was. */
interface Unfitness {
  readonly topic: Sentence['topic'];
  readonly why: string;
  /** Of a cell. */
  is(cell: ReportCell): boolean;
  /** Whether the reports of version 1 were cited all the same: they did not warm up to the end. */
  readonly isCitedInVersion1?: true;
}

const unfitnesses: readonly Unfitness[] = [
  {
    topic: 'steadiness',
    why: 'most of the runs were not steady when they were measured',
    is: isUnsteady,
    isCitedInVersion1: true,
  },
  {
    topic: 'disturbance',
    why: 'other programs disturbed at least half of the runs',
    is: isDisturbed,
  },
  { topic: 'slowness', why: 'the machine was slow in all of the runs', is: isSlowCell },
];

const namedMax = 4;

/** Why the figures of a cell are not to be cited; empty when they may be. */
export function unfitBecause(report: Report, cell: ReportCell): string[] {
  return unfitnesses.filter((one) => isRefused(report, one) && one.is(cell)).map(({ why }) => why);
}

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

function isRefused({ schemaVersion }: Report, { isCitedInVersion1 }: Unfitness): boolean {
  return schemaVersion > 1 || isCitedInVersion1 !== true;
}

/** Of the runs that the figures are of, those that can be judged. */
function isUnsteady(cell: ReportCell): boolean {
  const judged = runsThatCount(cell).filter(({ steady }) => steady !== null);
  return judged.filter(({ steady }) => steady === false).length * 2 > judged.length;
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

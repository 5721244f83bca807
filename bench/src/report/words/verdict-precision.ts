import { contenderWords } from '../analysis/contenders.ts';
import { unfitnesses } from '../analysis/fitness.ts';
import type { Report, ReportCell } from '../schema/report.ts';
import { formatDuration, formatPercent } from './format.ts';
import { placementTitles } from './places.ts';
import type { Sentence } from './verdict-phrase.ts';

type Ended = NonNullable<Report['ended']>;
type Headline = Ended['headlines'][number];

/**
 * Says how well the ratios are known that the run was for, why its rounds ended, and how much longer it
 * would take where they are not known as well as was asked for; nothing where no round began.
 */
export function precisionSentences({ ended }: Report): Sentence[] {
  const [first] = ended?.headlines ?? [];
  if (ended === undefined || first === undefined) return [];
  const { scenario, placement, lane, baseline } = first;
  const source = { scenario, metric: 'precision', placement, lane, baseline };
  return [{ topic: 'precision', text: precisionWords(ended), source }];
}

function precisionWords({ reason, headlines, halfWidthMax, timeMsMax }: Ended): string {
  const wanted = `within ${formatPercent(halfWidthMax)} (half of the width of their 95% intervals)`;
  const wide = headlines
    .filter(({ halfWidth }) => halfWidth === null || halfWidth > halfWidthMax)
    .sort((a, b) => (b.halfWidth ?? Infinity) - (a.halfWidth ?? Infinity));
  const ratios = headlines.length === 1 ? 'main ratio' : 'main ratios';
  const isKnown = (count: number) => (count === 1 ? 'is' : 'are');
  if (wide.length === 0) {
    return `each of ${headlines.length} ${ratios} is known ${wanted}.`;
  }
  const count = `${wide.length} of ${headlines.length} ${ratios} ${isKnown(wide.length)} not known ${wanted}`;
  const named = wide.map(nameOf).join('; ');
  const time = timeMsMax === null ? '' : ` of ${formatDuration(timeMsMax)}`;
  const why = {
    narrow: '',
    time: ` when the time${time} was over`,
    rounds: ' after all rounds of the plan',
    interrupted: ' because the run was ended',
  }[reason];
  return `${count}${why}: ${named}. ${moreWords(wide)}`;
}

function nameOf({ scenario, placement, lane, baseline, halfWidth }: Headline): string {
  const [own, base] = [contenderWords[lane] ?? lane, contenderWords[baseline] ?? baseline];
  const width = halfWidth === null ? 'no interval' : `within ${formatPercent(halfWidth)}`;
  return `${own} over ${base}, ${scenario} on ${placementTitles[placement]}, ${width}`;
}

/** Ratios of one scenario and placement share their rounds. */
function moreWords(wide: readonly Headline[]): string {
  const known = wide.filter(({ moreMs }) => moreMs !== null);
  if (known.length === 0) return 'So few rounds do not show how much longer that takes.';
  const groups = Map.groupBy(known, ({ scenario, placement }) => `${scenario} ${placement}`);
  const moreMs = [...groups.values()]
    .map((group) => Math.max(...group.map((one) => one.moreMs ?? 0)))
    .reduce((sum, each) => sum + each, 0);
  const others = wide.length > known.length ? ', without those that have no interval' : '';
  return `At their present width, that would take some ${formatDuration(moreMs)} more${others}.`;
}

const cellsNamedMax = 4;

/** Says of which cells of the lanes that the verdict is about the figures are not to be cited, and why. */
export function unfitSentences(report: Report): Sentence[] {
  const ofThese = report.cells.filter(({ lane }) => lane in contenderWords);
  return unfitnesses.flatMap((unfitness) => {
    const unfit = ofThese.filter(unfitness.is);
    const [first] = unfit;
    if (first === undefined) return [];
    const { topic, why } = unfitness;
    const { scenario, lane, placement } = first;
    const text = `in ${unfit.length} of ${ofThese.length} cells of these lanes ${why} (${cellNames(unfit)}). Their figures are not to be cited.`;
    return [{ topic, text, source: { scenario, metric: topic, placement, lane, baseline: lane } }];
  });
}

/** Cells as a sentence names them: the first few, and how many more. */
function cellNames(cells: readonly ReportCell[]): string {
  const names = cells
    .slice(0, cellsNamedMax)
    .map(
      ({ scenario, lane, placement }) =>
        `${scenario} of ${contenderWords[lane] ?? lane}, ${placementTitles[placement]}`,
    );
  const more = cells.length - names.length;
  return `${names.join('; ')}${more > 0 ? `; and ${more} more` : ''}`;
}

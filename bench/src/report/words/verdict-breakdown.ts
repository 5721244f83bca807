import { type Cost, costs, type Ladder, ladderSource, ladders } from '../analysis/ladder.ts';
import type { Report } from '../schema/report.ts';
import { formatCount } from './format.ts';
import { listed } from './sentence.ts';
import type { Source } from './verdict-phrase.ts';

/** A difference smaller than this, in microseconds, is not worth a word. */
const worthAWordUs = 0.5;

/** The share of one cost in the difference between two lanes. */
interface Share {
  readonly title: string;
  readonly us: number;
  /** True when it cannot be told from nothing. */
  readonly isNoise: boolean;
}

/**
 * Of the microseconds between two lanes, which belong to what: one sentence, or none where the
 * source is not a latency that both lanes have a valid ladder for. The shares add up to the
 * difference; what cannot be told from noise is one of them.
 */
export function breakdownWords(report: Report, source: Source): string[] {
  if (source.scenario !== ladderSource.scenario || source.metric !== ladderSource.metric) return [];
  const all = ladders(report).filter(({ placement }) => placement === source.placement);
  const dearer = all.find(({ lane }) => lane === source.lane);
  const cheaper = all.find(({ lane }) => lane === source.baseline);
  if (dearer?.valid !== true || cheaper?.valid !== true) return [];
  const differenceUs = dearer.totalUs - cheaper.totalUs;
  const shares = sharesOf(dearer, cheaper);
  const named = shares
    .filter(({ us, isNoise }) => us >= worthAWordUs && !isNoise)
    .sort((a, b) => b.us - a.us);
  const [first, ...others] = named;
  if (differenceUs < worthAWordUs || first === undefined) return [];
  const noiseUs = sumOf(shares.filter(({ isNoise }) => isNoise));
  const restUs = differenceUs - sumOf(named) - noiseUs;
  const is = first.us >= 1.5 ? 'are' : 'is';
  const parts = [
    `${micro(first.us)} ${is} ${first.title}`,
    ...others.map(({ title, us }) => `${micro(us)} ${title}`),
    ...(restUs >= worthAWordUs ? [`${micro(restUs)} the rest`] : []),
  ];
  const isNoise = Math.abs(noiseUs) >= worthAWordUs || restUs <= -worthAWordUs;
  const about = isNoise ? ' What remains cannot be told from noise.' : '';
  return [`Of the ${micro(differenceUs)} µs between them, ${listed(parts)}.${about}`];
}

/** A cost that the cheaper lane has too counts for what it costs more. */
function sharesOf(dearer: Ladder, cheaper: Ladder): Share[] {
  const known = new Map(cheaper.steps.map((step) => [keyOf(step.costs), step]));
  const inCheaper = new Set(cheaper.steps.flatMap((step) => step.costs));
  return dearer.steps.flatMap((step) => {
    const same = known.get(keyOf(step.costs));
    // Where a lane is missing, one ladder may take costs together that the other tells apart.
    const comparable = same !== undefined || !step.costs.some((cost) => inCheaper.has(cost));
    if (!comparable) return [];
    const isNoise = step.reading === 'within noise';
    return [{ title: titleOf(step.costs), us: step.us - (same?.us ?? 0), isNoise }];
  });
}

function sumOf(shares: readonly Share[]): number {
  return shares.reduce((sum, { us }) => sum + us, 0);
}

function titleOf(all: readonly Cost[]): string {
  return all.map((cost) => (cost === 'codec' ? 'the codec' : costs[cost])).join(' with ');
}

function keyOf(all: readonly Cost[]): string {
  return all.join(' ');
}

function micro(us: number): string {
  return Math.abs(us) >= 9.95 ? formatCount(us) : us.toFixed(1);
}

import { contenderWords } from '../analysis/contenders.ts';
import { notCitable } from '../analysis/fitness.ts';
import type { Placement, ReportRatio, ReportResult } from '../schema/report.ts';
import type { RatioPlace, ReportIndex } from '../schema/report-index.ts';
import { formatRatio, formatReach, formatTimes, formatValue } from './format.ts';
import { placementTitles } from './places.ts';
import { listed } from './sentence.ts';

/** The place of a sentence's figures in the report. */
export interface Source extends RatioPlace {
  /** Null where placement plays no part, as in the wire ledger, whose scenario is `wire`. */
  readonly placement: Placement | null;
}

/** The topic of a sentence. */
type Topic =
  | 'latency'
  | 'throughput'
  | 'set-up'
  | 'tasks'
  | 'cpu'
  | 'memory'
  | 'bytes'
  | 'precision'
  | 'steadiness'
  | 'disturbance'
  | 'slowness';

/** One thing that the report shows, in words. */
export interface Sentence {
  readonly topic: Topic;
  readonly text: string;
  /** The number that matters in it, to be set large: `8.1 times`. Absent when there is none. */
  readonly figure?: string;
  readonly source: Source;
  /** The same on a card, beside the figure: `latency, gRPC unary over sockets`. */
  readonly short?: string;
}

/** A comparison that is to be put into words: "an operation (…) costs 8.1 times as much over …". */
export interface Phrase extends RatioPlace {
  readonly topic: Topic;
  /** The quantity on a card: `latency`. */
  readonly short: string;
  readonly subject: string;
  /** The words in brackets behind the subject; the placement follows them. */
  readonly details: readonly string[];
  readonly verb: string;
  readonly quantity: string;
  /** True to say it for each placement, and not for the plainest one alone. */
  readonly everywhere?: boolean;
}

/** The placements, within a sentence. */
const placementWords: Readonly<Record<Placement, string>> = {
  'same-core': 'both processes on one core',
  'different-cores': 'the processes on two cores',
  unpinned: 'the processes wherever the scheduler put them',
};

/** The phrase with its figures, for each placement at which both sides are there and valid. */
export function phraseSentences(index: ReportIndex, phrase: Phrase): Sentence[] {
  const sentences = index
    .placements()
    .flatMap((placement) => sentenceAt(index, phrase, placement) ?? []);
  return phrase.everywhere === true ? sentences : sentences.slice(0, 1);
}

function sentenceAt(
  index: ReportIndex,
  phrase: Phrase,
  placement: Placement,
): Sentence | undefined {
  const { topic, scenario, metric, lane, baseline } = phrase;
  const ratio = index.ratio({ scenario, lane, placement }, metric, baseline);
  const own = index.result({ scenario, lane, placement }, metric);
  const base = index.result({ scenario, lane: baseline, placement }, metric);
  if (ratio?.valid !== true || own === undefined || base === undefined) return undefined;
  const details = [...phrase.details, placementWords[placement]].join(', ');
  const subject = `${phrase.subject} (${details})`;
  const source: Source = { scenario, metric, placement, lane, baseline };
  if (ratio.verdict === 'no detectable difference' || ratio.verdict === 'within the noise floor') {
    return {
      text: `${noDifference(subject, ratio, own, base)}${citability(index, source)}`,
      topic,
      source,
    };
  }
  const larger =
    ratio.value >= 1 ? { ratio, over: own, under: base } : upsideDown(ratio, own, base);
  const said = difference(subject, phrase, larger);
  const unfit = citability(index, source);
  const text = `${said.text}${otherCosts(index, source, larger)}${unfit}`;
  const compared = `${phrase.short}, ${words(larger.over.lane)} over ${words(larger.under.lane)}`;
  // Cards of one quantity are told apart by where it was measured.
  const isOne = phrase.everywhere !== true || index.placements().length < 2;
  const where = isOne ? '' : `, ${placementTitles[placement]}`;
  const short = `${compared}${where}${unfit === '' ? '' : ', not to be cited'}`;
  return { ...said, text, short, topic, source };
}

/** Says of a figure that is not to be cited that it is not, and why. */
function citability(index: ReportIndex, { scenario, placement, lane, baseline }: Source): string {
  if (placement === null) return '';
  const because = [lane, baseline].flatMap((name) => {
    const cell = index.cell({ scenario, lane: name, placement });
    return cell === undefined ? [] : notCitable(cell);
  });
  return because.length === 0 ? '' : ` Not to be cited: ${[...new Set(because)].join('; ')}.`;
}

interface Larger {
  readonly ratio: Pick<ReportRatio, 'value' | 'ci95' | 'n' | 'verdict'>;
  readonly over: ReportResult;
  readonly under: ReportResult;
}

function difference(subject: string, { verb, quantity }: Phrase, { ratio, over, under }: Larger) {
  const figure = formatTimes(ratio.value);
  const [overWords, underWords] = [words(over.lane), words(under.lane)];
  const values = valuesOf(over, under);
  const about = ratio.verdict === 'not enough runs' ? 'about ' : '';
  const text = `${subject} ${verb} ${about}${figure} (${intervalWords(ratio)}) ${quantity} over ${overWords} as over ${underWords}: ${values}.`;
  return { text, figure };
}

function noDifference(
  subject: string,
  ratio: ReportRatio,
  own: ReportResult,
  base: ReportResult,
): string {
  const [ownWords, baseWords] = [words(ratio.lane), words(ratio.baseline)];
  const values = valuesOf(own, base);
  if (ratio.verdict === 'no detectable difference') {
    return `${subject} shows no detectable difference between ${ownWords} and ${baseWords}: ${values}, a ratio of ${formatRatio(ratio.value)} (${intervalWords(ratio)}).`;
  }
  const { floor } = ratio;
  const upTo = floor === null ? '' : ` A lane differed from itself by up to ${formatReach(floor)}.`;
  return `${subject} differs between ${ownWords} and ${baseWords} no more than between two equal lanes: ${values}, a ratio of ${formatRatio(ratio.value)} (${intervalWords(ratio)}).${upTo}`;
}

/** The metrics that stand beside a median, as multiples, the same way round. */
const besideMedian = [
  { metric: 'mean', title: 'the mean' },
  { metric: 'p99', title: 'the 99th percentile' },
  { metric: 'client-cpu', title: 'the client’s CPU time' },
  { metric: 'server-cpu', title: 'the server’s' },
] as const;

function otherCosts(index: ReportIndex, source: Source, { over }: Larger): string {
  const { scenario, metric, placement, lane, baseline } = source;
  if (metric !== 'p50' || placement === null) return '';
  const parts = besideMedian.flatMap((beside) => {
    const ratio = index.ratio({ scenario, lane, placement }, beside.metric, baseline);
    if (ratio?.valid !== true) return [];
    const value = over.lane === lane ? ratio.value : 1 / ratio.value;
    return [`${beside.title} is ${formatTimes(value)}`];
  });
  return parts.length === 0 ? '' : ` These are medians; ${listed(parts)} as much.`;
}

/** The same comparison from its other side, so that what is said is "times as much". */
function upsideDown(ratio: ReportRatio, own: ReportResult, base: ReportResult): Larger {
  const ci95: ReportRatio['ci95'] = ratio.ci95 && [1 / ratio.ci95[1], 1 / ratio.ci95[0]];
  return { ratio: { ...ratio, value: 1 / ratio.value, ci95 }, over: base, under: own };
}

/** Says how well a ratio is known: by its interval, or that it has none. */
export function intervalWords({ ci95, n }: Pick<ReportRatio, 'ci95' | 'n'>): string {
  return ci95 === null
    ? `${n === 1 ? 'one round' : `${n} rounds`}, too few for an interval`
    : `95% interval ${formatRatio(ci95[0])} to ${formatRatio(ci95[1])}`;
}

function words(lane: string): string {
  return contenderWords[lane] ?? lane;
}

function valuesOf(one: ReportResult, other: ReportResult): string {
  return [one, other].map(({ value, unit }) => formatValue(value, unit)).join(' against ');
}

import { type Side, type SideValue, sidesOf } from '../analysis/sides.ts';
import type { ReportIndex } from '../schema/report-index.ts';
import { contenderTitles } from '../words/choice.ts';
import { formatCount, formatRounds, formatWithInterval } from '../words/format.ts';
import { placementTitles } from '../words/places.ts';

/** The picture of a report: what the three contenders take, side by side. */
export interface PictureRow {
  readonly title: string;
  /** The quantity, and which end of it is the better. */
  readonly detail: string;
  readonly bars: readonly PictureBar[];
}

/** One bar; its ends are fractions of the longest of its row. */
export interface PictureBar {
  readonly lane: string;
  readonly name: string;
  /** The value with its interval; that there is none, where there is none. */
  readonly text: string;
  readonly lowShare: number;
  readonly highShare: number;
  readonly isCitable: boolean;
}

/** Latency, operations a second, CPU, bytes and memory: five rows of three bars, each row to its own scale. */
export function pictureOf(index: ReportIndex): PictureRow[] {
  return sidesOf(index).map((side) => ({ ...titleOf(side), bars: barsOf(side) }));
}

/** Reads as follows: what stands beside the picture wherever it is. */
export const pictureReading =
  'Each row has a scale of its own. A bar is dark up to the low end of its 95% interval, and pale up to the high end. A figure with a number of rounds has no interval.';

const cells = 30;

/** The picture as lines of text. */
export function pictureLines(rows: readonly PictureRow[]): string[] {
  return rows.flatMap(({ title, detail, bars }) => [
    `${title}: ${detail}`,
    ...bars.map(({ name, text, lowShare, highShare, isCitable }) => {
      const full = Math.round(lowShare * cells);
      const pale = Math.max(Math.round(highShare * cells) - full, 0);
      const bar = `${'█'.repeat(full)}${'▒'.repeat(pale)}`.padEnd(cells);
      return `  ${name.padEnd(11)} ${bar} ${text}${isCitable ? '' : ', not to be cited'}`;
    }),
  ]);
}

function titleOf({ name, connections, depth, operation, placement, better }: Side) {
  const where = placement === null ? '' : `, ${placementTitles[placement]}`;
  const count = formatCount(connections);
  const titles = {
    latency: ['Latency', `median of one ${operation} at a time`],
    connections: [
      'Operations a second',
      depth === 1
        ? `${count} connections, one ${operation} each under way`
        : `one connection, ${depth} searches under way`,
    ],
    cpu: ['CPU', `time of the server for one ${operation}`],
    bytes: ['Bytes', `of one ${operation} on a warm connection, both ways`],
    memory: ['Memory', `of the server for each of ${count} idle connections`],
  } as const;
  const [title, what] = titles[name];
  return { title, detail: `${what}${where}; ${better === 'lower' ? 'less' : 'more'} is better` };
}

function barsOf({ values }: Side): PictureBar[] {
  const longest = Math.max(...values.map(highOf));
  return Object.entries(contenderTitles).map(([lane, name]) => {
    const found = values.find((one) => one.lane === lane);
    if (found === undefined || !(longest > 0)) {
      const none = { lowShare: 0, highShare: 0, isCitable: true };
      return { lane, name, text: 'not measured in this run', ...none };
    }
    return {
      lane,
      name,
      text: textOf(found),
      lowShare: Math.max(found.ci95?.[0] ?? found.value, 0) / longest,
      highShare: highOf(found) / longest,
      isCitable: found.because.length === 0,
    };
  });
}

/** Bytes on the wire are counted, to the last one. Another value without an interval has its rounds beside it. */
function textOf({ value, ci95, unit, rounds }: SideValue): string {
  if (rounds === null) return `${formatCount(value)} bytes`;
  const text = formatWithInterval(value, ci95, unit);
  return ci95 === null ? `${text}, ${formatRounds([rounds])}` : text;
}

function highOf({ value, ci95 }: SideValue): number {
  return Math.max(ci95?.[1] ?? value, value);
}

import Table from 'cli-table3';
import type { TableData } from '../report/tables/table-data.ts';

const firstColumnMaxDefault = 36;
/** Titles of columns are broken into lines of so many characters, between words. */
const headCharsMax = 18;
const gap = 2;

/**
 * The table as plain text, at most so many columns wide. One that is wider falls into several, one
 * below the other, each with the first column again.
 */
export function renderTable(
  { head, rows }: TableData,
  width: number,
  firstColumnMax = firstColumnMaxDefault,
): string {
  const titles = head.map((title) => wrapped('', title, headCharsMax));
  const named = rows.map(([name = '', ...others]) => [
    wrapped('', name, firstColumnMax),
    ...others,
  ]);
  return columnGroups(titles, named, width)
    .map((group) => renderColumns(titles, named, group))
    .join('\n');
}

function renderColumns(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  group: readonly number[],
): string {
  const pick = (cells: readonly string[]) => [
    cells[0] ?? '',
    ...group.map((column) => cells[column] ?? ''),
  ];
  const table = new Table({
    style: { head: [], border: [], compact: true, 'padding-left': 0, 'padding-right': 0 },
    chars: plainBorders,
    colAligns: ['left', ...group.map(() => 'right' as const)],
  });
  table.push(
    pick(head).map((content) => ({ content, vAlign: 'bottom' as const })),
    ...rows.map(pick),
  );
  return `${table.toString().replace(/ +$/gm, '')}\n`;
}

/** The columns behind the first, in groups that fit. */
function columnGroups(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  width: number,
): number[][] {
  const widthOf = (column: number) =>
    Math.max(...[head, ...rows].flatMap((cells) => (cells[column] ?? '').split('\n').map(charsOf)));
  const first = widthOf(0);
  const groups: number[][] = [];
  let left = 0;
  for (let column = 1; column < head.length; column++) {
    const needed = widthOf(column) + gap;
    if (needed > left || groups.length === 0) {
      groups.push([]);
      left = width - first;
    }
    groups.at(-1)?.push(column);
    left -= needed;
  }
  return groups;
}

function charsOf(text: string): number {
  return Array.from(text).length;
}

/** The borders of a table without lines: blanks between columns. */
export const plainBorders = {
  top: '',
  'top-mid': '',
  'top-left': '',
  'top-right': '',
  bottom: '',
  'bottom-mid': '',
  'bottom-left': '',
  'bottom-right': '',
  left: '',
  'left-mid': '',
  right: '',
  'right-mid': '',
  mid: '',
  'mid-mid': '',
  middle: ' '.repeat(gap),
};

/** Text broken into lines between words; those behind the first are indented as far as the prefix. */
export function wrapped(prefix: string, text: string, width: number): string {
  const indent = ' '.repeat(prefix.length > 4 ? 2 : prefix.length);
  const lines: string[] = [];
  let line = prefix;
  let empty = true;
  for (const word of text.split(' ')) {
    if (!empty && line.length + 1 + word.length > width) {
      lines.push(line);
      line = indent;
      empty = true;
    }
    line += empty ? word : ` ${word}`;
    empty = false;
  }
  return [...lines, line].join('\n');
}

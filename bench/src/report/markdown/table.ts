import type { TableData } from '../tables/table-data.ts';

/** The table as Markdown, with its title as a heading of the given level. */
export function renderMarkdownTable(table: TableData, level: number): string {
  const { title, note, head, rows, isText } = table;
  const heading = `${'#'.repeat(level)} ${escaped(title)}`;
  const parts = [
    heading,
    ...(note === undefined ? [] : [escaped(note)]),
    rowsOf(head, rows, isText),
  ];
  return parts.join('\n\n');
}

function rowsOf(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  isText = false,
): string {
  const line = (cells: readonly string[]) => `| ${cells.map(escaped).join(' | ')} |`;
  const rule = `| ${head.map((_, column) => (column === 0 || isText ? '---' : '---:')).join(' | ')} |`;
  return [line(head), rule, ...rows.map(line)].join('\n');
}

/** Text that Markdown takes as it is, within a table too. */
export function escaped(text: string): string {
  return text.replace(/[\\`*_<>|]/g, '\\$&').replace(/\s*\n\s*/g, ' ');
}

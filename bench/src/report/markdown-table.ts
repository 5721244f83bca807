import type { TableData } from './table-data.ts';

/** The table as Markdown, with its title as a heading of the given level. */
export function renderMarkdownTable(table: TableData, level: number): string {
  const { title, note, head, rows } = table;
  const heading = `${'#'.repeat(level)} ${escaped(title)}`;
  const parts = [heading, ...(note === undefined ? [] : [escaped(note)]), markdownRows(head, rows)];
  return parts.join('\n\n');
}

/** Rows as a Markdown table: the first column is text, and so are the others or they are figures. */
export function markdownRows(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  others: 'text' | 'figures' = 'figures',
): string {
  const line = (cells: readonly string[]) => `| ${cells.map(escaped).join(' | ')} |`;
  const rule = `| ${head.map((_, column) => (column === 0 || others === 'text' ? '---' : '---:')).join(' | ')} |`;
  return [line(head), rule, ...rows.map(line)].join('\n');
}

/** Text that Markdown takes as it is, within a table too. */
export function escaped(text: string): string {
  return text.replace(/[\\`*_<>|]/g, '\\$&').replace(/\s*\n\s*/g, ' ');
}

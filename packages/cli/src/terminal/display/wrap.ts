/** A row of a text that was wrapped, and where in the text it begins. */
export interface Row {
  readonly text: string;
  readonly from: number;
}

/**
 * Breaks a line into rows of at most so many characters: at spaces, which are left out where a row
 * ends, and inside a word only where that is longer than a row. The spaces at the beginning stay.
 *
 * @param columns at least 1; undefined when the line is not to be broken
 */
export function wrap(line: string, columns: number | undefined): Row[] {
  if (columns === undefined || line.length <= columns) return [{ text: line, from: 0 }];
  const rows: Row[] = [];
  for (let from = 0; from < line.length; ) {
    const to = endOfRow(line, from, columns);
    rows.push({ text: line.slice(from, to), from });
    from = to;
    while (line[from] === ' ') from++;
  }
  return rows;
}

function endOfRow(line: string, from: number, columns: number): number {
  const full = from + columns;
  if (full >= line.length) return line.length;
  let begin = from;
  while (line[begin] === ' ') begin++;
  let space = line.lastIndexOf(' ', full);
  while (line[space - 1] === ' ') space--;
  if (space > begin) return space;
  // Never between the two halves of a character.
  return full - from > 1 && isLowSurrogate(line.charCodeAt(full)) ? full - 1 : full;
}

function isLowSurrogate(code: number): boolean {
  return code >= 0xdc00 && code <= 0xdfff;
}

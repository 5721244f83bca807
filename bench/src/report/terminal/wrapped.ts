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

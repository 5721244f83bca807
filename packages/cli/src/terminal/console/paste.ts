/**
 * The meaning of a paste: text for the line, a line that ends, or several lines, which are asked about
 * before any of them is acted upon.
 */
export type Paste =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'line'; readonly text: string }
  | { readonly kind: 'lines'; readonly lines: readonly [string, string, ...string[]] };

/** Returns the meaning of pasted text. The last of several lines is one of them without an end, too. */
export function readPaste(pasted: string): Paste {
  const [first = '', ...more] = pasted.split(/\r\n|\r|\n/);
  if (more.length === 0) return { kind: 'text', text: first };
  if (more.at(-1) === '') more.pop();
  const [second, ...others] = more;
  if (second === undefined) return { kind: 'line', text: first };
  return { kind: 'lines', lines: [first, second, ...others] };
}

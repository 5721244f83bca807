// The accounts of a crowded server. Their names are the slowest for a search: 50 letters, of
// which the first 43 are all `a`, so that a query of many `a*` has to look at every letter of each.

const letters = 'acdefghijklmnopqrstuvwxyz';
const tailChars = 7;
const head = 'a'.repeat(50 - tailChars);
const shortSearchHead = `b${'a'.repeat(49 - tailChars)}`;

/** So many of the names begin with `b`: fewer than one step of a search looks at. */
const shortSearchNames = 250;

/** The names of a crowded server, the same for the same count: all but the last 250 begin with `a`. */
export function* accountNames(count: number): Generator<string, undefined> {
  const ordinary = Math.max(0, count - shortSearchNames);
  for (let i = 0; i < ordinary; i++) yield accountName(i);
  for (let i = ordinary; i < count; i++) yield inOnePiece(shortSearchHead + tail(i - ordinary));
}

/** The account of this index, in the order of names; indexes from 0. */
export function accountName(index: number): string {
  return inOnePiece(head + tail(index));
}

/** The queries to a crowded server. */
export const crowdQueries = {
  /** Of the names that are ordinary, those that differ in the last letter alone: 25 of them. */
  prefixOf: (name: string) => `${name.slice(0, -1)}*`,
  /** Looks at every letter of every ordinary name, and finds none. */
  scan: `${'a*'.repeat(23)}b*`,
  /** Looks at every letter of the 250 others, and finds none: over in one step. */
  short: `b${'*a'.repeat(23)}*b*`,
} as const;

// V8 keeps a sum of strings as its parts until it is read; a string from a store or a socket
// is in one piece.
function inOnePiece(name: string): string {
  return Buffer.from(name, 'latin1').toString('latin1');
}

function tail(number: number): string {
  let digits = '';
  for (let rest = number; digits.length < tailChars; rest = Math.floor(rest / letters.length)) {
    digits = letters[rest % letters.length] + digits;
  }
  return digits;
}

/**
 * Returns the key of a part that Node.js keeps in an object of its own under a symbol; undefined where this version
 * has it elsewhere.
 *
 * @param name the description of the symbol
 */
export function keyOfPart(object: object, name: string): symbol | undefined {
  return Object.getOwnPropertySymbols(object).find(({ description }) => description === name);
}

/** Copies bytes together into memory of their own. In that of Node's pool, a few bytes would keep 64 KiB. */
export function inOwnMemory(...parts: readonly Buffer[]): Buffer {
  const all = Buffer.allocUnsafeSlow(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) at += part.copy(all, at);
  return all;
}

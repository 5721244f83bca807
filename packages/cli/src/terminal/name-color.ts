/**
 * Colours of 256 that can be read on white and on black: their contrast is 4 to 1 or better on both. No
 * colour has more than 4.58 on both.
 */
export const readableColors = [27, 28, 30, 31, 64, 97, 98, 129, 130, 131, 132, 161, 163] as const;

/** Returns the colour of a name, the same one each time. */
export function colorOfName(name: string): number {
  let hash = 2_166_136_261;
  for (let at = 0; at < name.length; at++) {
    hash = Math.imul(hash ^ name.charCodeAt(at), 16_777_619) >>> 0;
  }
  return readableColors[hash % readableColors.length] as number;
}

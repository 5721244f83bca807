/** The end of each name in a text of names. It is below all letters, so texts compare as their first names. */
export const nameEnd = '\n';

/** The code of {@link nameEnd}, for SQL and for comparisons. */
export const nameEndCode: number = nameEnd.charCodeAt(0);

/** A character behind every letter and digit: names that begin with a text are below the text and this. */
export const behindAll = '~';

/** Returns names as a text, in their order, each with its end. */
export function textOfNames(names: readonly string[]): string {
  return names.map((name) => name + nameEnd).join('');
}

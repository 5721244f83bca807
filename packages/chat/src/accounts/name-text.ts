/** The end of each name in a text of names. It is below all letters, so texts compare as their first names. */
export const nameEnd = '\n';

/** The code of {@link nameEnd}, for SQL and for comparisons. */
export const nameEndCode: number = nameEnd.charCodeAt(0);

/** Returns names as a text, in their order, each with its end. */
export function textOfNames(names: readonly string[]): string {
  return names.map((name) => name + nameEnd).join('');
}

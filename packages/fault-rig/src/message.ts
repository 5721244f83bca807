/** The shortest body, in characters: an id and a space. */
export const bodyCharsMin = 40;

/**
 * Returns the body of a message: its id, which contains the length, and text that follows from the id. So a
 * changed body is recognized.
 *
 * @param name unique, without spaces
 * @param chars from {@link bodyCharsMin} to 262
 */
export function messageId(name: string, chars: number): string {
  return `${name}.${chars}`;
}

/** The body that belongs to an id. */
export function bodyOf(id: string): string {
  const chars = Number(id.slice(id.lastIndexOf('.') + 1));
  return `${id} `.padEnd(chars, `${id.split('').reverse().join('')}~`);
}

/** The id of a body; the body itself when no id makes it. */
export function idOf(body: string): string {
  const id = body.split(' ', 1)[0] ?? '';
  return bodyOf(id) === body ? id : body;
}

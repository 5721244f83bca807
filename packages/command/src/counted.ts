/**
 * Returns a number of things for people: `1 message`, `2 messages`.
 *
 * @param shown the number as it is written, by default without commas
 */
export function counted(count: number, thing: string, shown = `${count}`): string {
  return `${shown} ${thing}${count === 1 ? '' : 's'}`;
}

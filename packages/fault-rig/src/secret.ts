/**
 * The secret of a user's account. Every other user has one, by the number at the end of the name:
 * undefined for the others, and for names without a number.
 */
export function secretOf(user: string): string | undefined {
  const number = /\d+$/.exec(user)?.[0];
  return number !== undefined && Number(number) % 2 === 0 ? `only ${user} knows` : undefined;
}

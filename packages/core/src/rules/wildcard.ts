/**
 * Returns a matcher for a query in which `*` stands for zero or more of any character. [P-2.2]
 *
 * The query falls apart into literals. The first must begin the name, the last must end it, and
 * those between must occur in order; taking each at its earliest place never loses a match. So a
 * match costs at most the query's length times the name's, whatever the query: there is nothing to
 * backtrack into, as there was in the regular expression of 2023. The empty query matches all.
 */
export function compileWildcard(query: string): (name: string) => boolean {
  if (query === '') return () => true;
  const literals = query.split('*');
  if (literals.length === 1) return (name) => name === query;

  const first = literals[0] as string;
  const last = literals[literals.length - 1] as string;
  const between = literals.slice(1, -1).filter((literal) => literal !== '');
  const charsMin = literals.reduce((sum, literal) => sum + literal.length, 0);

  return (name) => {
    if (name.length < charsMin || !name.startsWith(first) || !name.endsWith(last)) return false;
    let from = first.length;
    for (const literal of between) {
      const at = name.indexOf(literal, from);
      if (at === -1) return false;
      from = at + literal.length;
    }
    return from <= name.length - last.length;
  };
}

/** Returns the part of a query before its first `*`. Every match begins with it. */
export function literalPrefix(query: string): string {
  const star = query.indexOf('*');
  return star === -1 ? query : query.slice(0, star);
}

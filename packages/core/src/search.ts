import { compileWildcard } from './wildcard.ts';

/**
 * The usernames that match `query`, in lexicographic order. `*` stands for zero or more of any
 * character; the empty query matches every name. [P-4.3]
 */
export function searchUsernames(usernames: readonly string[], query: string): string[] {
  return usernames.filter(compileWildcard(query)).sort();
}

/** Search results as people read them, one a line: `parseSearchResults('x|y')` is `'x\ny'`. */
export function parseSearchResults(content: string): string {
  return content.split('|').join('\n');
}

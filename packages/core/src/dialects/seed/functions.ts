// Functions on text that the program of 2023 shared between its client and its server. They are public,
// for whoever comes from there, and nothing here calls them: our terminal shows messages and names as
// it gets them, and our search runs in slices. Tests hold both against these.

import { compileWildcard } from '../../rules/wildcard.ts';
import { splitMessages } from '../content.ts';

/**
 * Formats messages for people: `sender|body` lines become `sender: body` lines, each ended by a
 * newline. `parseMessages('a|hello!!!')` is `'a: hello!!!\n'`.
 */
export function parseMessages(content: string): string {
  return splitMessages(content)
    .map(({ sender, body }) => `${sender}: ${body}\n`)
    .join('');
}

/** Formats search results for people, one a line: `parseSearchResults('x|y')` is `'x\ny'`. */
export function parseSearchResults(content: string): string {
  return content.split('|').join('\n');
}

/**
 * Returns the usernames that match `query`, in lexicographic order. `*` stands for zero or more of any
 * character; the empty query matches every name. [P-4.3]
 */
export function searchUsernames(usernames: readonly string[], query: string): string[] {
  return usernames.filter(compileWildcard(query)).sort();
}

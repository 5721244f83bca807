import { messageCharsMax, queryCharsMax, usernameCharsMax } from './limits.ts';

const usernamePattern = /^[A-Za-z0-9]+$/;
const queryPattern = /^[A-Za-z0-9*]*$/;
// Space to tilde, without `|`: control characters would let a message steer the reader's terminal.
// The first part is the leading spaces and no more, so matching never goes back.
const messagePattern = /^ *[!-{}~][ -{}~]*$/;

/** Tells if `username` is 1 to 50 ASCII letters and digits. [P-2.1] */
export function isValidUsername(username: string): boolean {
  return username.length <= usernameCharsMax && usernamePattern.test(username);
}

/** Tells if `query` is 0 to 50 ASCII letters, digits and `*`. The empty query means every user. [P-2.2] */
export function isValidQuery(query: string): boolean {
  return query.length <= queryCharsMax && queryPattern.test(query);
}

/** Tells if `body` is 1 to 262 printable ASCII characters without `|`, not all of them spaces. [P-2.3] */
export function isValidMessage(body: string): boolean {
  return body.length <= messageCharsMax && messagePattern.test(body);
}

/** Longest username, in characters. Usernames are ASCII letters and digits. [P-2.1] */
export const usernameCharsMax = 50;

/** Longest search query, in characters. [P-2.2] */
export const queryCharsMax = 50;

/** Longest message body, in characters. [P-2.3] */
export const messageCharsMax = 262;

/** The most usernames that one search returns; a longer result is cut here. [P-4.3] */
export const searchResultsMax = 10_000;

/** The most messages that may be pushed to a session and not yet acknowledged. [P-5.3] */
export const windowMessagesMax = 256;

/** The most bytes of messages (`sender|body`) that may be pushed and not yet acknowledged. [P-5.3] */
export const windowBytesMax = 64 * 1024;

/** The most messages that a mailbox holds unless the server is told otherwise. [P-4.4] */
export const mailboxMessagesMax = 10_000;

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

/** A message as its recipient gets it. */
export interface Message {
  /** A valid username. */
  readonly sender: string;
  /** A valid message body. */
  readonly body: string;
}

/** Returns the bytes of `sender|body`, which a window counts. [P-5.3] */
export function messageBytes(message: Message): number {
  return message.sender.length + 1 + message.body.length;
}

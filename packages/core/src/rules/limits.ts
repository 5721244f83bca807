/** Longest username, in characters. Usernames are ASCII letters and digits. [P-2.1] */
export const usernameCharsMax = 50;

/** Longest search query, in characters. [P-2.2] */
export const queryCharsMax = 50;

/** Longest message body, in characters. [P-2.3] */
export const messageCharsMax = 262;

/** Shortest secret that a server takes, in characters. [P-2.4] */
export const secretCharsMin = 8;

/** Longest secret, in characters. [P-2.4] */
export const secretCharsMax = 128;

/** The most usernames that one search returns; a longer result is cut here. [P-4.3] */
export const searchResultsMax = 10_000;

/** The most messages that may be pushed to a session and not yet acknowledged. [P-5.3] */
export const windowMessagesMax = 256;

/** The most bytes of messages (`sender|body`) that may be pushed and not yet acknowledged. [P-5.3] */
export const windowBytesMax = 64 * 1024;

/** The most messages that a mailbox holds unless the server is told otherwise. [P-4.4] */
export const mailboxMessagesMax = 10_000;

// Space to tilde, without `|`: control characters would let a message steer the reader's terminal.
// The first part is the leading spaces and no more, so matching never goes back.
const messagePattern = /^ *[!-{}~][ -{}~]*$/;
// Space to tilde, without `|`.
const secretPattern = /^[ -{}~]*$/;
const tokenPattern = /^[A-Za-z0-9_-]{43}$/;

/** Tells if `username` is 1 to 50 ASCII letters and digits. [P-2.1] */
export function isValidUsername(username: string): boolean {
  if (username.length === 0 || username.length > usernameCharsMax) return false;
  for (let at = 0; at < username.length; at++) {
    if (!isAlphanumeric(username.charCodeAt(at))) return false;
  }
  return true;
}

/** Tells if `query` is 0 to 50 ASCII letters, digits and `*`. The empty query means every user. [P-2.2] */
export function isValidQuery(query: string): boolean {
  if (query.length > queryCharsMax) return false;
  for (let at = 0; at < query.length; at++) {
    const code = query.charCodeAt(at);
    if (!isAlphanumeric(code) && code !== asterisk) return false;
  }
  return true;
}

const asterisk = 0x2a;

// With loops, and not by regular expressions: the code of these is apart from that around the call, and each
// request has a name or a query.
function isAlphanumeric(code: number): boolean {
  return (
    (code >= 0x61 && code <= 0x7a) ||
    (code >= 0x30 && code <= 0x39) ||
    (code >= 0x41 && code <= 0x5a)
  );
}

/** Tells if `body` is 1 to 262 printable ASCII characters without `|`, not all of them spaces. [P-2.3] */
export function isValidMessage(body: string): boolean {
  return body.length <= messageCharsMax && messagePattern.test(body);
}

/** Tells if `secret` is printable ASCII characters without `|`, however many. [P-2.4] */
export function isSecretText(secret: string): boolean {
  return secretPattern.test(secret);
}

/**
 * Tells if an account may not have a secret, because it is too easily guessed: too short, one character
 * again and again, characters that follow one another, or the username. [P-2.4]
 */
export function isWeakSecret(username: string, secret: string): boolean {
  const [text, name] = [secret.toLowerCase(), username.toLowerCase()];
  return secret.length < secretCharsMin || text.replaceAll(name, '').length < 4 || isRun(text);
}

/** Tells if each character is as far from the one before as the next is: `aaaaaaaa`, `12345678`, `hgfedcba`. */
function isRun(text: string): boolean {
  const step = text.charCodeAt(1) - text.charCodeAt(0);
  if (Math.abs(step) > 1) return false;
  for (let at = 1; at < text.length; at++) {
    if (text.charCodeAt(at) - text.charCodeAt(at - 1) !== step) return false;
  }
  return true;
}

/** Tells if `token` has the form of a token to resume with: 43 letters, digits, `-` and `_`. [P-2.5] */
export function isResumeToken(token: string): boolean {
  return tokenPattern.test(token);
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

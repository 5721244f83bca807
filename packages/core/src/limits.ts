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

/**
 * The operations of the service, with the byte that names each on the wire. [P-3.1]
 *
 * 7 stays free: it was the 2023 client's own `quit` and never travelled.
 */
export const Operation = {
  register: 1,
  login: 2,
  search: 3,
  send: 4,
  logout: 5,
  delete: 6,
  acknowledge: 8,
  loginWithSecret: 9,
  registerWithSecret: 10,
  resume: 11,
  changeSecret: 12,
  block: 13,
  unblock: 14,
} as const;

/** One of the operation codes. */
export type Operation = (typeof Operation)[keyof typeof Operation];

/**
 * The status codes. They are disjoint across operations, so a byte tells by itself what it
 * responds to. [P-3.2]
 */
export const Status = {
  /** The account now exists. */
  registered: 1,
  /** The account was not made: the username already exists. */
  usernameTaken: 2,
  /** Logged in, nothing unread. */
  loggedIn: 8,
  /** Logged in; the (last) unread messages follow. */
  loggedInUnread: 9,
  /** No such account. */
  notRegistered: 10,
  /** The user has a session somewhere else. */
  alreadyLoggedIn: 11,
  /** Logged in; a page of unread messages, and another page follows. */
  loggedInMore: 12,
  /** Logged in; the token to resume the session with, and the rest of the response follows. */
  resumable: 13,
  /** There is no such account with such a secret. */
  wrongSecret: 14,
  /** The token resumes no session, or not any more. */
  notResumable: 15,
  /** The (last) usernames that match. */
  found: 16,
  /** No username matches. */
  notFound: 17,
  /** A page of usernames, and another page follows. */
  foundMore: 18,
  /** The last page of usernames; more match than a search returns. */
  foundCut: 19,
  /** The recipient has a session. */
  delivered: 24,
  /** The recipient has no session; the message waits in the mailbox. */
  stored: 25,
  /** The recipient does not exist, or was deleted. */
  noSuchUser: 26,
  /** The message could not be kept. */
  sendFailed: 27,
  /** The recipient's mailbox is full. */
  mailboxFull: 28,
  /** An incoming message, pushed. */
  incoming: 32,
  /** The session ended. */
  loggedOut: 40,
  /** The account and its mailbox are gone, and the session with them. */
  deleted: 48,
  /** Acknowledged; a response of unary gRPC only. */
  acknowledged: 56,
  /** The secret is changed or removed; the new token to resume with, if there is a secret. */
  secretChanged: 64,
  /** The secret was not changed, because the given current one is wrong. */
  wrongCurrentSecret: 65,
  /** The messages of that user are refused from now on. */
  blocked: 72,
  /** Nobody was blocked: there is no such user. */
  nobodyToBlock: 73,
  /** Nobody was blocked: the user blocks as many as a user may. */
  tooManyBlocked: 74,
  /** The user may send again. */
  unblocked: 80,
  /** The server takes no secrets. */
  noSecrets: 116,
  /** The secret is too easily guessed. */
  secretTooWeak: 117,
  /** The secret is longer than one may be. */
  secretTooLong: 118,
  /** Too many wrong secrets were tried; the seconds after which to come again. */
  tooManyTries: 119,
  /** This needs a session, one of that user, or a secret. */
  notLoggedIn: 120,
  /** A second login on a session that is logged in. */
  sessionInUse: 121,
  /** The content breaks a rule of clause 2. */
  invalidContent: 122,
  /** The server has too much to do. */
  tooBusy: 123,
  /** The server is shutting down; only ever pushed. */
  shuttingDown: 124,
  /** No such operation, a request longer than its operation can need, or a false acknowledgement. */
  badOperation: 126,
  /** Something went wrong inside the server. */
  unknownError: 127,
} as const;

/** One of the status codes. */
export type Status = (typeof Status)[keyof typeof Status];

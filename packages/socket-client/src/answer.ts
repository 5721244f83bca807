import {
  type DeleteOutcome,
  type LoginOutcome,
  type LogoutOutcome,
  type Message,
  Operation,
  type RegisterOutcome,
  type SearchOutcome,
  type SendOutcome,
  Status,
  splitMessages,
} from '@tandem/core';

/** How any request ends. */
export type Outcome =
  | RegisterOutcome
  | LoginOutcome
  | SearchOutcome
  | SendOutcome
  | LogoutOutcome
  | DeleteOutcome;

const refusals = [
  Status.notLoggedIn,
  Status.invalidContent,
  Status.tooBusy,
  Status.unknownError,
] as const;

const answers: ReadonlyMap<Operation, ReadonlySet<Status>> = new Map<Operation, Set<Status>>([
  [Operation.register, new Set([Status.registered, Status.usernameTaken, ...refusals])],
  [
    Operation.login,
    new Set([
      Status.loggedIn,
      Status.loggedInUnread,
      Status.loggedInMore,
      Status.notRegistered,
      Status.alreadyLoggedIn,
      Status.sessionInUse,
      ...refusals,
    ]),
  ],
  [
    Operation.search,
    new Set([Status.found, Status.foundMore, Status.foundCut, Status.notFound, ...refusals]),
  ],
  [
    Operation.send,
    new Set([
      Status.delivered,
      Status.stored,
      Status.noSuchUser,
      Status.sendFailed,
      Status.mailboxFull,
      ...refusals,
    ]),
  ],
  [Operation.logout, new Set([Status.loggedOut, ...refusals])],
  [Operation.delete, new Set([Status.deleted, ...refusals])],
]);

/** Whether `status` can answer `operation`: the codes are disjoint, so a server that lost count shows. [P-3.2] */
export function canAnswer(operation: Operation, status: Status): boolean {
  return answers.get(operation)?.has(status) === true;
}

/** Whether another page follows. [P-6.4] */
export function isPage(status: Status): boolean {
  return status === Status.loggedInMore || status === Status.foundMore;
}

/** The messages of a login's pages. [P-4.2] */
export function messagesOf(pages: readonly string[]): Message[] {
  return pages.flatMap((content) => (content === '' ? [] : splitMessages(content)));
}

/** The usernames of a search's pages. [P-4.3] */
export function usernamesOf(pages: readonly string[]): string[] {
  return pages.flatMap((content) => (content === '' ? [] : content.split('|')));
}

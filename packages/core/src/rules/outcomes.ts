import { Operation, Status } from './codes.ts';

/** The refusals that every operation can be answered with. */
export type Refusal =
  | typeof Status.notLoggedIn
  | typeof Status.invalidContent
  | typeof Status.tooBusy
  | typeof Status.unknownError;

/** The outcome of a register, which does not log in. [P-4.1] */
export interface RegisterOutcome {
  readonly status: typeof Status.registered | typeof Status.usernameTaken | Refusal;
}

/** The outcome of a login. [P-4.2] */
export type LoginOutcome =
  | {
      readonly status: typeof Status.loggedIn | typeof Status.loggedInUnread;
      /** The number of unread messages; they come first in {@link ChatClient.messages}. */
      readonly unread: number;
    }
  | {
      readonly status:
        | typeof Status.notRegistered
        | typeof Status.alreadyLoggedIn
        | typeof Status.sessionInUse
        | Refusal;
    };

/** The outcome of a search. [P-4.3] */
export type SearchOutcome =
  | {
      /** `foundCut` when more match than the {@link searchResultsMax} that are returned. */
      readonly status: typeof Status.found | typeof Status.foundCut;
      /** In lexicographic order. */
      readonly usernames: readonly string[];
    }
  | { readonly status: typeof Status.notFound | Refusal };

/** The outcome of a send. [P-4.4] */
export interface SendOutcome {
  readonly status:
    | typeof Status.delivered
    | typeof Status.stored
    | typeof Status.noSuchUser
    | typeof Status.sendFailed
    | typeof Status.mailboxFull
    | Refusal;
}

/** The outcome of a logout. [P-4.5] */
export interface LogoutOutcome {
  readonly status: typeof Status.loggedOut | Refusal;
}

/** The outcome of a delete. [P-4.6] */
export interface DeleteOutcome {
  readonly status: typeof Status.deleted | Refusal;
}

/** The outcome of any request. */
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

/** Tells if `status` can answer `operation`. The codes of operations are disjoint. [P-3.2] */
export function canAnswer(operation: Operation, status: Status): boolean {
  return answers.get(operation)?.has(status) === true;
}

/** Tells if this answer to a logout or a delete ends the session. 127 does, too. [P-5.1] */
export function endsSession(status: Status): boolean {
  return status === Status.loggedOut || status === Status.deleted || status === Status.unknownError;
}

/** Tells if another page follows. [P-6.4] */
export function isPage(status: Status): boolean {
  return status === Status.loggedInMore || status === Status.foundMore;
}

/** Tells if a length and content follow this status. [P-6.3] */
export function hasContent(status: number): boolean {
  switch (status) {
    case Status.loggedInUnread:
    case Status.loggedInMore:
    case Status.found:
    case Status.foundMore:
    case Status.foundCut:
    case Status.incoming:
      return true;
    default:
      return false;
  }
}

import { Operation, Status } from './codes.ts';
import { isSecretText, isWeakSecret, secretCharsMax } from './limits.ts';

/** The refusals that every operation can have as its response. */
export type Refusal =
  | typeof Status.notLoggedIn
  | typeof Status.invalidContent
  | typeof Status.tooBusy
  | typeof Status.unknownError;

/** The refusals of operations with a secret. 126 comes from a server that knows of no secrets. */
export type SecretRefusal =
  | typeof Status.noSecrets
  | typeof Status.secretTooLong
  | typeof Status.badOperation;

/** The refusal of a secret after too many that were wrong. [P-4.7] */
export interface TriesOutcome {
  readonly status: typeof Status.tooManyTries;
  /** The time after which to come again, in seconds. */
  readonly retryAfterS: number;
}

/** The outcome of a register, with a secret or without, which does not log in. [P-4.1] [P-4.8] */
export interface RegisterOutcome {
  readonly status:
    | typeof Status.registered
    | typeof Status.usernameTaken
    | typeof Status.secretTooWeak
    | SecretRefusal
    | Refusal;
  /** With 123 where the wire can say it: the time after which to come again, in seconds. [P-4.12] */
  readonly retryAfterS?: number;
}

/** The refusal of a login or of a resume. [P-4.2] [P-4.7] [P-4.9] */
export type LoginRefusal =
  | {
      readonly status:
        | typeof Status.notRegistered
        | typeof Status.alreadyLoggedIn
        | typeof Status.sessionInUse
        | typeof Status.wrongSecret
        | typeof Status.notResumable
        | SecretRefusal
        | Refusal;
    }
  | TriesOutcome;

/** The outcome of a login, with a secret or without, or of a resume. [P-4.2] [P-4.7] [P-4.9] */
export type LoginOutcome =
  | {
      readonly status: typeof Status.loggedIn | typeof Status.loggedInUnread;
      /** The number of unread messages; they come first in {@link ChatClient.messages}. */
      readonly unread: number;
    }
  | LoginRefusal;

/** The outcome of a change of the secret. [P-4.10] */
export type ChangeSecretOutcome =
  | {
      readonly status:
        | typeof Status.secretChanged
        | typeof Status.wrongCurrentSecret
        | typeof Status.secretTooWeak
        | SecretRefusal
        | Refusal;
    }
  | TriesOutcome;

/** The outcome of a block or an unblock. [P-4.11] */
export interface BlockOutcome {
  readonly status:
    | typeof Status.blocked
    | typeof Status.nobodyToBlock
    | typeof Status.tooManyBlocked
    | typeof Status.unblocked
    | typeof Status.badOperation
    | Refusal;
}

/** The outcome of a search. [P-4.3] */
export type SearchOutcome =
  | {
      /** `foundCut` when more match than the {@link searchResultsMax} that are returned. */
      readonly status: typeof Status.found | typeof Status.foundCut;
      /** In lexicographic order. */
      readonly usernames: readonly string[];
    }
  | {
      readonly status: typeof Status.notFound | Refusal;
      /** As {@link RegisterOutcome.retryAfterS}. */
      readonly retryAfterS?: number;
    };

/** The outcome of a send. [P-4.4] */
export interface SendOutcome {
  readonly status:
    | typeof Status.delivered
    | typeof Status.stored
    | typeof Status.noSuchUser
    | typeof Status.sendFailed
    | typeof Status.mailboxFull
    | Refusal;
  /** As {@link RegisterOutcome.retryAfterS}. */
  readonly retryAfterS?: number;
}

/** The outcome of a logout. [P-4.5] */
export interface LogoutOutcome {
  readonly status: typeof Status.loggedOut | Refusal;
}

/** The outcome of a delete. [P-4.6] */
export interface DeleteOutcome {
  readonly status: typeof Status.deleted | Refusal;
}

/**
 * Returns why an account cannot have a secret, in the order of the checks; undefined when it can. [P-5.4]
 */
export function refusalOfSecret(
  username: string,
  secret: string,
):
  | typeof Status.invalidContent
  | typeof Status.secretTooLong
  | typeof Status.secretTooWeak
  | undefined {
  if (!isSecretText(secret)) return Status.invalidContent;
  if (secret.length > secretCharsMax) return Status.secretTooLong;
  return isWeakSecret(username, secret) ? Status.secretTooWeak : undefined;
}

/** The outcome of any request. */
export type Outcome =
  | RegisterOutcome
  | LoginOutcome
  | SearchOutcome
  | SendOutcome
  | LogoutOutcome
  | DeleteOutcome
  | ChangeSecretOutcome
  | BlockOutcome;

const refusals = [
  Status.notLoggedIn,
  Status.invalidContent,
  Status.tooBusy,
  Status.unknownError,
] as const;

// Of a server that takes no secrets, or does not know of them.
const secretRefusals = [
  Status.noSecrets,
  Status.secretTooLong,
  Status.tooManyTries,
  Status.badOperation,
  ...refusals,
] as const;

const loginStatuses = [
  Status.loggedIn,
  Status.loggedInUnread,
  Status.loggedInMore,
  Status.alreadyLoggedIn,
  Status.sessionInUse,
] as const;

const statuses: ReadonlyMap<Operation, ReadonlySet<Status>> = new Map<Operation, Set<Status>>([
  [Operation.register, new Set([Status.registered, Status.usernameTaken, ...refusals])],
  [Operation.login, new Set([...loginStatuses, Status.notRegistered, ...refusals])],
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
  [
    Operation.loginWithSecret,
    new Set([...loginStatuses, Status.resumable, Status.wrongSecret, ...secretRefusals]),
  ],
  [
    Operation.registerWithSecret,
    new Set([Status.registered, Status.usernameTaken, Status.secretTooWeak, ...secretRefusals]),
  ],
  [
    Operation.resume,
    new Set([
      ...loginStatuses,
      Status.resumable,
      Status.notResumable,
      Status.badOperation,
      ...refusals,
    ]),
  ],
  [
    Operation.changeSecret,
    new Set([
      Status.secretChanged,
      Status.wrongCurrentSecret,
      Status.secretTooWeak,
      ...secretRefusals,
    ]),
  ],
  [
    Operation.block,
    new Set([
      Status.blocked,
      Status.nobodyToBlock,
      Status.tooManyBlocked,
      Status.badOperation,
      ...refusals,
    ]),
  ],
  [Operation.unblock, new Set([Status.unblocked, Status.badOperation, ...refusals])],
]);

/** Tells if `status` is a response to `operation`. The codes of operations are disjoint. [P-3.2] */
export function isResponseTo(operation: Operation, status: Status): boolean {
  return isResponse[(operation << 8) | status] === 1;
}

// A table of bytes: each response asks it, and a lookup in a map and a set takes longer.
const isResponse = new Uint8Array(2 ** 12);
for (const [operation, ofOperation] of statuses) {
  for (const status of ofOperation) isResponse[(operation << 8) | status] = 1;
}

/** Tells if this response to a logout or a delete ends the session. 127 does, too. [P-5.1] */
export function endsSession(status: Status): boolean {
  return status === Status.loggedOut || status === Status.deleted || status === Status.unknownError;
}

/** Tells if a session has begun. [P-4.2] */
export function beginsSession(
  status: Status,
): status is typeof Status.loggedIn | typeof Status.loggedInUnread {
  return status === Status.loggedIn || status === Status.loggedInUnread;
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
    case Status.resumable:
    case Status.secretChanged:
    case Status.tooManyTries:
      return true;
    default:
      return false;
  }
}

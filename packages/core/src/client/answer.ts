import type {
  DeleteOutcome,
  LoginOutcome,
  LogoutOutcome,
  RegisterOutcome,
  SearchOutcome,
  SendOutcome,
} from '../chat-client.ts';
import type { Message } from '../message.ts';
import { Operation } from '../operation.ts';
import { Status } from '../status.ts';
import type { ExchangeListener } from './exchange.ts';

/** How any request ends. */
export type Outcome =
  | RegisterOutcome
  | LoginOutcome
  | SearchOutcome
  | SendOutcome
  | LogoutOutcome
  | DeleteOutcome;

/** What an answer carries besides its status: messages for a login, usernames for a search. */
export interface AnswerContent {
  readonly messages: readonly Message[];
  readonly usernames: readonly string[];
}

/** The content of an answer that has none. */
export const noContent: AnswerContent = { messages: [], usernames: [] };

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

/** Tells if the session is over after this answer to its logout or delete: after 127, too. [P-5.1] */
export function endsSession(status: Status): boolean {
  return status === Status.loggedOut || status === Status.deleted || status === Status.unknownError;
}

/** Tells if another page follows. [P-6.4] */
export function isPage(status: Status): boolean {
  return status === Status.loggedInMore || status === Status.foundMore;
}

/** Tells the listener what an answer means for the session, and makes the outcome of it. */
export function conclude(
  operation: Operation,
  status: Status,
  { messages, usernames }: AnswerContent,
  listener: ExchangeListener,
): Outcome {
  switch (operation) {
    case Operation.login:
      listener.loginAnswered(status, messages);
      if (status !== Status.loggedIn && status !== Status.loggedInUnread) break;
      return { status, unread: messages.length };
    case Operation.search:
      if (status !== Status.found && status !== Status.foundCut) break;
      return { status, usernames };
    case Operation.logout:
    case Operation.delete:
      listener.endingAnswered(status);
  }
  return { status } as Outcome;
}

import type { ClientRequest, Message, Operation, Status } from '@tandem/core';
import type { NameList } from '../accounts/name-list.ts';
import type { FoundOutcome } from '../search/search.ts';
import type { Page } from './pages.ts';

/** Carries a conversation over a transport: has the requests, and takes the responses. */
export interface Wire<Response> {
  /** Returns the next request that was read and not yet taken; undefined when there is none. */
  next(): Request | undefined;
  /** Returns true if so many bytes wait to leave that no more requests are taken from the client. */
  readonly blocked: boolean;
  /** Reads on, or does not. Called only when that changes. */
  read(wanted: boolean): void;
  write(response: Response): void;
  /** Returns the response that is a status, and little besides; undefined where the wire says it otherwise. */
  status(status: Status, detail?: ResponseDetail): Response | undefined;
  /** Returns the response to a send; undefined where the push of the message is the response. */
  sendStatus(status: Status, toOneself: boolean): Response | undefined;
  /** Starts the count of messages again, on a wire that counts them, since a session begins. */
  sessionBegan?(): void;
  /** Writes a page of the messages that were unread at a login, `unread` of them in all. [P-6.4] */
  loginPage(page: Page<readonly Message[]>, unread: number): void;
  /** Writes a page of the usernames that a search found. [P-6.4] */
  searchPage(page: Page<NameList>, outcome: FoundOutcome): void;
  /** Resolves when the client has room for another page. Rejects with ClientGone when the wire is over. */
  drained(): Promise<void>;
  /**
   * Ends the wire: everything is written.
   *
   * @param reason what was wrong, and which clause says so, when the client broke the protocol
   */
  finish(end: ConversationEnd, reason?: string): void;
  /** Ends the connection: a fault of the server cut a long response short. */
  responseCutShort(error: unknown): void;
}

/** The content of the few responses that have more than a status. [P-6.3] */
export interface ResponseDetail {
  /** The token that resumes the session. [P-4.9] */
  readonly token?: string | undefined;
  /** The time after which to come again, in seconds. [P-4.7] */
  readonly retryAfterS?: number;
}

/** The reason for the end of a conversation: the client left, or broke the protocol, or the server stops. */
export type ConversationEnd = 'goodbye' | 'broken' | 'stopping';

/** Thrown when the client is gone before a long response is written: nothing has failed. */
export class ClientGone extends Error {
  constructor() {
    super('the client is gone');
  }
}

/** A request of a client, of whatever wire. Its content is not validated yet. [P-3.1] */
export type Request =
  | ClientRequest<number | undefined>
  | {
      readonly operation: typeof Operation.acknowledge;
      /** Undefined when it was no number. */
      readonly count: number | undefined;
    }
  /** An operation that does not exist: the response is 126, and the conversation goes on. */
  | { readonly operation: 'unknown' }
  /** A breach of the protocol: the response is 126, and the conversation ends. */
  | { readonly operation: 'broken'; readonly reason: string };

import type {
  BlockOutcome,
  DeleteOutcome,
  Refusal,
  RegisterOutcome,
  SendOutcome,
  Status,
  TriesOutcome,
} from '@tandem/core';
import type { Asker, Origin } from '../scheduling/fair-queue.ts';
import type { Scheduler } from '../scheduling/scheduler.ts';
import type { SearchResult } from '../search/search.ts';
import type { ChangeSecretResult } from './identity.ts';
import type { Secrets, Trier, WrongSecret } from './secrets.ts';
import type { Receiver, Session } from './session.ts';
import type { Usage } from './usage.ts';

/** A session that has begun, or the status that says why not. */
export type Begun =
  | Session
  | typeof Status.notRegistered
  | typeof Status.alreadyLoggedIn
  | typeof Status.notLoggedIn
  | typeof Status.wrongSecret;

/** A session that was resumed, or the status that says why not. */
export type Resumed =
  | {
      readonly session: Session;
      /** The hash of the token that it was resumed with. */
      readonly used: string;
      /** Resolves when what was taken is forgotten; undefined when it is. */
      readonly forgotten: Promise<void> | undefined;
    }
  | typeof Status.notResumable
  | typeof Status.badOperation;

/** The part of a backend that decides about secrets, tokens and blocks. */
export interface BackendIdentity {
  /** Tries a user's secret. Returns its hash when it is right, as proof for a login, else why not. [P-4.7] */
  trySecret(
    username: string,
    secret: string,
    asker: Trier,
  ): Promise<string | WrongSecret | TriesOutcome | { readonly status: Refusal }>;
  /**
   * Returns the token of a session that begins, when it is durable; undefined for none.
   *
   * @param before the hash of the token that the session was resumed with
   */
  giveToken(session: Session, before?: string): Promise<string | undefined>;
  /** Makes the tokens of a session's user worthless. Resolves when that is durable; undefined for none. */
  forgetTokens(session: Session): Promise<void> | undefined;
  /** Changes the secret of a session's user, or removes it. What was said is valid. [P-4.10] */
  changeSecret(
    session: Session,
    current: string,
    secret: string,
    asker: Trier,
  ): Promise<ChangeSecretResult>;
  /** Blocks or unblocks a user for the user of a session. Resolves when that is durable. [P-4.11] */
  setBlocked(session: Session, name: string, blocked: boolean): Promise<BlockOutcome>;
}

/**
 * The part of a service that decides: who exists, who has a session, and what is in the mailboxes.
 *
 * A backend that has everything in its own memory decides within the call, in the order of the calls; one
 * that asks a database decides in the same order, later. So what a client may ask for next has to wait for
 * a login that returns a promise, and for nothing else.
 */
interface Backend {
  readonly identity: BackendIdentity;
  /** Makes an account, with a secret or without. [P-4.1] [P-4.8] */
  register(username: string, secret: string | undefined, origin: Origin): Promise<RegisterOutcome>;
  /**
   * Begins a session, or says why not. [P-4.2]
   *
   * @param proof the hash of the secret that the user has shown; undefined for none
   */
  beginSession(
    username: string,
    receiver: Receiver,
    proof: string | undefined,
    origin: Origin,
  ): Begun | Promise<Begun>;
  /** Begins a session with a token; where the user has one, that ends. [P-4.9] */
  resumeSession(
    username: string,
    token: string,
    count: number,
    receiver: Receiver,
    origin: Origin,
  ): Resumed | Promise<Resumed>;
  /** Resolves when it is durable whether this user exists; undefined when it is. Rejects if that fails. */
  settled(username: string): Promise<void> | undefined;
  /** Returns usernames that match; undefined when too many searches wait. [P-4.3] */
  search(query: string, asker: Asker): SearchResult | undefined | Promise<SearchResult | undefined>;
  /**
   * Sends a message; sender and body are valid and the sender is who they say. [P-4.4]
   *
   * @param session that of the sender
   */
  post(
    sender: string,
    recipient: string,
    body: string,
    session: Session,
  ): SendOutcome | Promise<SendOutcome>;
  /** Tells if a send of this session waits to be decided; where there is none, each is decided within its call. */
  sendWaits?(session: Session): boolean;
  /**
   * Tells if one more request of a client may be carried out while so many of its responses are owed. Where there is
   * none, writes do not wait long.
   */
  mayOwe?(origin: Origin, owed: number): boolean;
  /** Deletes the user of a session that has not ended, with their mailbox, and ends it. [P-4.6] */
  delete(session: Session): Promise<DeleteOutcome>;
}

/** The part of the service that the agent of a client asks: decisions, and the shares of each client. */
export interface Operations extends Backend {
  /** The share of each client in the event loop. */
  readonly scheduler: Scheduler;
  /** The secrets that are tried and hashed. */
  readonly secrets: Secrets;
  /** The use of each user and address. */
  readonly usage: Usage;
  /** True when only users who are logged in may search. */
  readonly searchNeedsSession: boolean;
}

import {
  type DeleteOutcome,
  isValidMessage,
  isValidQuery,
  isValidUsername,
  type LogoutOutcome,
  type Refusal,
  type RegisterOutcome,
  type SearchOutcome,
  type SendOutcome,
  Status,
} from '@tandem/core';
import type { Origin } from '../scheduling/origin.ts';
import type { Turns } from '../scheduling/scheduler.ts';
import type { SearchResult } from '../search/search.ts';
import type { Asker } from '../search/search-queue.ts';
import { type Receiver, Session } from './session.ts';

/** How a login ends: with a session whose unread messages the transport now delivers, or without. */
export type LoginResult =
  | {
      readonly status: typeof Status.loggedIn | typeof Status.loggedInUnread;
      readonly session: Session;
    }
  | {
      readonly status:
        | typeof Status.notRegistered
        | typeof Status.alreadyLoggedIn
        | typeof Status.sessionInUse
        | Refusal;
    };

/** The operations that the service does for a client; `ChatService` says what each of them is. */
export interface Operations {
  /** The share of each client in the event loop. */
  readonly turns: Turns;
  register(username: string): Promise<RegisterOutcome>;
  beginSession(
    username: string,
    receiver: Receiver,
  ): Session | typeof Status.notRegistered | typeof Status.alreadyLoggedIn;
  settled(username: string): Promise<void> | undefined;
  search(query: string, asker: Asker): SearchResult | undefined | Promise<SearchResult | undefined>;
  post(sender: string, recipient: string, body: string): Promise<SendOutcome>;
  delete(session: Session): Promise<DeleteOutcome>;
}

/**
 * One client of the chat service, on whatever transport: at most one session at a time, and every
 * check that a client's word needs. [P-5.4]
 *
 * The methods take what the client said, unchecked, and never reject: what goes wrong inside is
 * 127. Every other answer confirms the acknowledgements that came before it, those of a session
 * that has ended included, up to a login that succeeds. [P-5.2]
 */
export class Peer implements Asker {
  /** Whose share of the server this client uses. */
  readonly origin: Origin;
  /** What it shares with all other clients. */
  readonly turns: Turns;
  readonly #service: Operations;
  readonly #receiver: Receiver;
  /** The last session here, whose acknowledgements answers confirm. It may have ended, and not only by our doing. */
  #lastSession: Session | undefined;
  #gone = false;

  /** Use `ChatService.connect`. */
  constructor(service: Operations, receiver: Receiver, origin: Origin) {
    this.#service = service;
    this.#receiver = receiver;
    this.origin = origin;
    this.turns = service.turns;
  }

  /** The user who is logged in here; undefined when nobody is. */
  get username(): string | undefined {
    return this.#session?.username;
  }

  register(username: string): Promise<RegisterOutcome> {
    return this.#answer(this.#service.register(username));
  }

  /**
   * Logs in. On success the transport reads the session's unread messages, answers, and calls
   * `goLive`.
   */
  login(username: string): Promise<LoginResult> {
    if (this.#session !== undefined) return this.#answer({ status: Status.sessionInUse });
    if (!isValidUsername(username)) return this.#answer({ status: Status.invalidContent });
    const session = this.#service.beginSession(username, this.#receiver);
    if (!(session instanceof Session)) return this.#answer(this.#refused(username, session));
    const before = this.#lastSession;
    this.#lastSession = session;
    return this.#answer(this.#begun(session, before), before?.settled());
  }

  /**
   * Searches. Returns the outcome itself when nothing has to be waited for, as with most: it is asked
   * for most often, and each promise on its way would cost it a part of its time.
   *
   * @param asker who asks, where that is not simply this client
   */
  search(query: string, asker: Asker = this): SearchOutcome | Promise<SearchOutcome> {
    const acknowledged = this.#lastSession?.acknowledged();
    const outcome = this.#searchOutcome(query, asker);
    const waits = outcome instanceof Promise || acknowledged !== undefined;
    return waits ? this.#answer(outcome, acknowledged) : outcome;
  }

  send(sender: string, recipient: string, body: string): Promise<SendOutcome> {
    if (!this.#isMine(sender)) return this.#answer({ status: Status.notLoggedIn });
    if (!isValidUsername(recipient) || !isValidMessage(body)) {
      return this.#answer({ status: Status.invalidContent });
    }
    return this.#answer(this.#service.post(sender, recipient, body));
  }

  logout(username: string): Promise<LogoutOutcome> {
    if (!this.#isMine(username)) return this.#answer({ status: Status.notLoggedIn });
    this.end();
    return this.#answer({ status: Status.loggedOut });
  }

  delete(username: string): Promise<DeleteOutcome> {
    const session = this.#session;
    if (session === undefined || !this.#isMine(username)) {
      return this.#answer({ status: Status.notLoggedIn });
    }
    return this.#answer(this.#deleted(session), session.settled());
  }

  /**
   * "I have taken `count` messages in this session." Outside a session it is ignored. Returns false
   * when the count claims more than was delivered: the connection has to end. [P-5.2]
   */
  acknowledge(count: number): boolean {
    return this.#session?.acknowledge(count) ?? true;
  }

  /** Waits until what was acknowledged is durable, for a wire that answers acknowledgements. */
  confirm(): Promise<{
    readonly status: typeof Status.acknowledged | typeof Status.unknownError;
  }> {
    return this.#answer({ status: Status.acknowledged });
  }

  /** What an operation is answered that there is not, or that breaks the protocol. [P-3.2] */
  refuseOperation(): typeof Status.badOperation {
    return Status.badOperation;
  }

  /** Whether the client is gone. */
  isGone(): boolean {
    return this.#gone;
  }

  /** The client is gone, and nobody waits for its answers any more. May be called twice. */
  leave(): void {
    this.#gone = true;
    this.end();
  }

  /** Its session is over. May be called twice. */
  end(): void {
    this.#session?.end();
  }

  get #session(): Session | undefined {
    return this.#lastSession?.ended === false ? this.#lastSession : undefined;
  }

  #isMine(username: string): boolean {
    return this.#session !== undefined && this.#session.username === username;
  }

  /** A login without a session: whether the user exists has to be durable, too. */
  async #refused<Refused>(username: string, status: Refused): Promise<{ status: Refused }> {
    await this.#service.settled(username);
    return { status };
  }

  /** A login with a session, which ends when its account comes to nothing. */
  async #begun(session: Session, before: Session | undefined): Promise<LoginResult> {
    try {
      await this.#service.settled(session.username);
    } catch (error) {
      session.end();
      if (this.#lastSession === session) this.#lastSession = before;
      throw error;
    }
    return { status: session.unread > 0 ? Status.loggedInUnread : Status.loggedIn, session };
  }

  /** A delete. With the mailbox goes all that was left to confirm. */
  async #deleted(session: Session): Promise<DeleteOutcome> {
    const outcome = await this.#service.delete(session);
    if (this.#lastSession === session) this.#lastSession = undefined;
    return outcome;
  }

  #searchOutcome(query: string, asker: Asker): SearchOutcome | Promise<SearchOutcome> {
    if (!isValidQuery(query)) return { status: Status.invalidContent };
    const result = this.#service.search(query, asker);
    return result instanceof Promise ? result.then(searchOutcomeOf) : searchOutcomeOf(result);
  }

  /** Waits for what the answer says, and for the acknowledgements before it, to be durable. */
  async #answer<Outcome>(
    outcome: Outcome | Promise<Outcome>,
    acknowledged = this.#lastSession?.acknowledged(),
  ): Promise<Outcome | { readonly status: typeof Status.unknownError }> {
    try {
      const answer = await outcome;
      if (acknowledged !== undefined) await acknowledged;
      return answer;
    } catch {
      // The service has told its `onStoreError` what happened.
      return { status: Status.unknownError };
    }
  }
}

function searchOutcomeOf(result: SearchResult | undefined): SearchOutcome {
  if (result === undefined) return { status: Status.tooBusy };
  if (result.usernames.length === 0) return { status: Status.notFound };
  return { status: result.cut ? Status.foundCut : Status.found, usernames: result.usernames };
}

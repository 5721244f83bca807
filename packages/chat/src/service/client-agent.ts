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

/** The result of a login: a session, whose unread messages the transport delivers now, or a refusal. */
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
 * The agent of one client in the chat service, on any transport. It checks all that the client sends,
 * and has at most one session at a time. [P-5.4]
 *
 * The methods take unchecked content and never reject: a fault of the server is 127. Every other
 * outcome confirms the acknowledgements before it, those of an ended session included, up to a login
 * that succeeds. [P-5.2]
 */
export class ClientAgent implements Asker {
  /** The origin whose share of the server this client uses. */
  readonly origin: Origin;
  /** The scheduler of all clients. */
  readonly turns: Turns;
  readonly #service: Operations;
  readonly #receiver: Receiver;
  /** The last session here, whose acknowledgements outcomes confirm. It, or others, may have ended it. */
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
    return this.#confirmed(this.#service.register(username));
  }

  /**
   * Logs in. On success the transport reads the session's unread messages, responds, and calls
   * `goLive`.
   */
  login(username: string): Promise<LoginResult> {
    if (this.#session !== undefined) return this.#confirmed({ status: Status.sessionInUse });
    if (!isValidUsername(username)) return this.#confirmed({ status: Status.invalidContent });
    const session = this.#service.beginSession(username, this.#receiver);
    if (!(session instanceof Session)) return this.#confirmed(this.#refused(username, session));
    const before = this.#lastSession;
    this.#lastSession = session;
    return this.#confirmed(this.#begun(session, before), before?.settled());
  }

  /**
   * Searches. Returns the outcome itself when it need not wait, which is most often: each promise would
   * cost a search a part of its time.
   *
   * @param asker who asks, if that is not this client alone
   */
  search(query: string, asker: Asker = this): SearchOutcome | Promise<SearchOutcome> {
    const acknowledged = this.#lastSession?.acknowledged();
    const outcome = this.#searchOutcome(query, asker);
    const waits = outcome instanceof Promise || acknowledged !== undefined;
    return waits ? this.#confirmed(outcome, acknowledged) : outcome;
  }

  send(sender: string, recipient: string, body: string): Promise<SendOutcome> {
    if (!this.#isMine(sender)) return this.#confirmed({ status: Status.notLoggedIn });
    if (!isValidUsername(recipient) || !isValidMessage(body)) {
      return this.#confirmed({ status: Status.invalidContent });
    }
    return this.#confirmed(this.#service.post(sender, recipient, body));
  }

  logout(username: string): Promise<LogoutOutcome> {
    if (!this.#isMine(username)) return this.#confirmed({ status: Status.notLoggedIn });
    this.end();
    return this.#confirmed({ status: Status.loggedOut });
  }

  delete(username: string): Promise<DeleteOutcome> {
    const session = this.#session;
    if (session === undefined || !this.#isMine(username)) {
      return this.#confirmed({ status: Status.notLoggedIn });
    }
    return this.#confirmed(this.#deleted(session), session.settled());
  }

  /**
   * Acknowledges the first `count` messages of the session; ignored without a session. Returns false
   * when fewer were delivered: the connection has to end. [P-5.2]
   */
  acknowledge(count: number): boolean {
    return this.#session?.acknowledge(count) ?? true;
  }

  /** Waits until all acknowledgements are durable, for a wire that responds to them. */
  confirm(): Promise<{
    readonly status: typeof Status.acknowledged | typeof Status.unknownError;
  }> {
    return this.#confirmed({ status: Status.acknowledged });
  }

  /** Returns the status of an operation that does not exist, or breaks the protocol. [P-3.2] */
  refuseOperation(): typeof Status.badOperation {
    return Status.badOperation;
  }

  /** Tells whether the client is gone. */
  isGone(): boolean {
    return this.#gone;
  }

  /** Ends the session, as the client is gone and nobody waits for outcomes. May be called twice. */
  leave(): void {
    this.#gone = true;
    this.end();
  }

  /** Ends the session, if there is one. May be called twice. */
  end(): void {
    this.#session?.end();
  }

  get #session(): Session | undefined {
    return this.#lastSession?.ended === false ? this.#lastSession : undefined;
  }

  #isMine(username: string): boolean {
    return this.#session !== undefined && this.#session.username === username;
  }

  /** Makes a refusal of a login. It says whether the user exists, which has to be durable. */
  async #refused<Refused>(username: string, status: Refused): Promise<{ status: Refused }> {
    await this.#service.settled(username);
    return { status };
  }

  /** Makes the result of a login with a session, which ends if its account does not become durable. */
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

  /** Deletes the account, and with its mailbox all that was left to confirm. */
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

  /** Waits until the outcome, and the acknowledgements before it, are durable. */
  async #confirmed<Outcome>(
    outcome: Outcome | Promise<Outcome>,
    acknowledged = this.#lastSession?.acknowledged(),
  ): Promise<Outcome | { readonly status: typeof Status.unknownError }> {
    try {
      const known = await outcome;
      if (acknowledged !== undefined) await acknowledged;
      return known;
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

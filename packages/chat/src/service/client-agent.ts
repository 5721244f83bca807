import {
  type BlockOutcome,
  type DeleteOutcome,
  isResumeToken,
  isSecretText,
  isValidMessage,
  isValidQuery,
  isValidUsername,
  type LoginRefusal,
  type LogoutOutcome,
  type RegisterOutcome,
  refusalOfSecret,
  type SendOutcome,
  Status,
  secretCharsMax,
} from '@tandem/core';
import type { Asker, Origin } from '../scheduling/fair-queue.ts';
import type { Scheduler } from '../scheduling/scheduler.ts';
import type { ListOutcome, SearchResult } from '../search/search.ts';
import type { Begun, Operations, Resumed } from './backend.ts';
import type { ChangeSecretResult } from './identity.ts';
import type { Trier } from './secrets.ts';
import { type Receiver, Session } from './session.ts';
import type { Share } from './usage.ts';

/** The result of a login: a session, whose unread messages the transport delivers now, or a refusal. */
export type LoginResult =
  | {
      readonly status: typeof Status.loggedIn | typeof Status.loggedInUnread;
      readonly session: Session;
      /** The token that resumes the session, if the account has a secret. [P-4.9] */
      readonly token: string | undefined;
    }
  | LoginRefusal;

/** Returns the refusal of what a user or an address has had too much of. [P-4.12] */
function tooBusyFor(waitMs: number): {
  readonly status: typeof Status.tooBusy;
  readonly retryAfterS: number;
} {
  return { status: Status.tooBusy, retryAfterS: Math.ceil(waitMs / 1_000) };
}

/** Nothing that a response has to wait for. */
const nothing = Promise.resolve();

/**
 * The agent of one client in the chat service, on any transport. It checks all that the client sends,
 * and has at most one session at a time. [P-5.4]
 *
 * The methods take unchecked content and never reject: a fault of the server is 127. Every other
 * outcome confirms the acknowledgements before it, those of an ended session included, up to a login
 * that succeeds. [P-5.2]
 */
export class ClientAgent implements Trier {
  /** The origin whose share of the server this client uses. */
  readonly origin: Origin;
  readonly #service: Operations;
  readonly #receiver: Receiver;
  readonly #share: Share;
  /** The last session here, whose acknowledgements outcomes confirm. It, or others, may have ended it. */
  #lastSession: Session | undefined;
  #gone = false;
  /** The functions that end its pauses. */
  #pauses: Set<() => void> | undefined;

  /** Use `ChatService.connect`. */
  constructor(service: Operations, receiver: Receiver, origin: Origin) {
    this.#service = service;
    this.#receiver = receiver;
    this.origin = origin;
    this.#share = service.usage.shareOf(origin.address);
  }

  /** The scheduler of all clients. */
  get scheduler(): Scheduler {
    return this.#service.scheduler;
  }

  /** The user who is logged in here; undefined without a session. */
  get username(): string | undefined {
    return this.#session()?.username;
  }

  register(username: string, secret?: string): Promise<RegisterOutcome> {
    const waitMs = this.#service.usage.register(this.origin.address);
    if (waitMs > 0) return this.#confirmed(tooBusyFor(waitMs));
    return this.#confirmed(this.#service.register(username, secret, this.origin));
  }

  /**
   * Logs in. On success the transport reads the session's unread messages, responds, and calls
   * `goLive`.
   */
  login(username: string): Promise<LoginResult> {
    if (this.#session() !== undefined) return this.#confirmed({ status: Status.sessionInUse });
    if (!isValidUsername(username)) return this.#confirmed({ status: Status.invalidContent });
    const session = this.#service.beginSession(username, this.#receiver, undefined, this.origin);
    if (session instanceof Promise) {
      return this.#confirmed(this.#begunLater(username, session), nothing);
    }
    if (!(session instanceof Session)) return this.#confirmed(this.#refused(username, session));
    const before = this.#lastSession;
    this.#lastSession = session;
    return this.#confirmed(this.#begun(session, before), before?.settled());
  }

  /** Logs in with a secret; see {@link login}. [P-4.7] */
  loginWithSecret(username: string, secret: string): Promise<LoginResult> {
    if (this.#session() !== undefined) return this.#confirmed({ status: Status.sessionInUse });
    if (!this.#service.secrets.areTaken) return this.#confirmed({ status: Status.noSecrets });
    if (!isValidUsername(username) || !isSecretText(secret)) {
      return this.#confirmed({ status: Status.invalidContent });
    }
    if (secret.length > secretCharsMax) return this.#confirmed({ status: Status.secretTooLong });
    return this.#confirmed(this.#proven(username, secret), nothing);
  }

  /**
   * Begins a session with the token of the last one; see {@link login}. 126 when the count is not one of
   * that session: the connection has to end. [P-4.9]
   *
   * @param count undefined when it was no number
   */
  resume(username: string, token: string, count: number | undefined): Promise<LoginResult> {
    if (this.#session() !== undefined) return this.#confirmed({ status: Status.sessionInUse });
    if (!isValidUsername(username) || !isResumeToken(token) || !isCount(count)) {
      return this.#confirmed({ status: Status.invalidContent });
    }
    const resumed = this.#service.resumeSession(
      username,
      token,
      count,
      this.#receiver,
      this.origin,
    );
    if (resumed instanceof Promise) {
      return this.#confirmed(this.#begunLater(username, resumed), nothing);
    }
    if (typeof resumed === 'number') return this.#confirmed(this.#refused(username, resumed));
    const before = this.#lastSession;
    this.#lastSession = resumed.session;
    return this.#confirmed(this.#begun(resumed.session, before, resumed), before?.settled());
  }

  /**
   * Changes the user's secret. [P-4.10]
   *
   * @param current empty where there is none
   * @param secret empty to remove it
   */
  changeSecret(username: string, current: string, secret: string): Promise<ChangeSecretResult> {
    const session = this.#session();
    const { identity, secrets } = this.#service;
    if (session === undefined || !this.#isMine(username)) {
      return this.#confirmed({ status: Status.notLoggedIn });
    }
    if (!secrets.areTaken) return this.#confirmed({ status: Status.noSecrets });
    if (!isSecretText(current) || !isSecretText(secret)) {
      return this.#confirmed({ status: Status.invalidContent });
    }
    if (current.length > secretCharsMax) return this.#confirmed({ status: Status.secretTooLong });
    const removes = secret === '' && secrets.mayBeMissing;
    const refusal = removes ? undefined : refusalOfSecret(username, secret);
    if (refusal !== undefined) return this.#confirmed({ status: refusal });
    return this.#confirmed(identity.changeSecret(session, current, secret, this));
  }

  /** Blocks or unblocks a user. [P-4.11] */
  setBlocked(username: string, name: string, blocked: boolean): Promise<BlockOutcome> {
    const session = this.#session();
    if (session === undefined || !this.#isMine(username)) {
      return this.#confirmed({ status: Status.notLoggedIn });
    }
    if (!isValidUsername(name)) return this.#confirmed({ status: Status.invalidContent });
    return this.#confirmed(this.#service.identity.setBlocked(session, name, blocked));
  }

  /**
   * Searches. Returns the outcome itself when it need not wait, which is most often: each promise would
   * cost a search a part of its time.
   *
   * @param asker who asks, if that is not this client alone
   */
  search(query: string, asker: Asker = this): ListOutcome | Promise<ListOutcome> {
    const acknowledged = this.#lastSession?.acknowledged();
    const outcome = this.#searchOutcome(query, asker);
    const waits = outcome instanceof Promise || acknowledged !== undefined;
    return waits ? this.#confirmed(outcome, acknowledged) : outcome;
  }

  /** Sends. Returns the outcome itself when it need not wait, as with a store in memory. */
  send(sender: string, recipient: string, body: string): SendOutcome | Promise<SendOutcome> {
    const outcome = this.#sendOutcome(sender, recipient, body);
    const acknowledged = this.#lastSession?.acknowledged();
    if (acknowledged !== undefined) return this.#confirmed(outcome, acknowledged);
    return outcome instanceof Promise ? outcome.catch(unknownError) : outcome;
  }

  /** True while a send of this client waits to be decided. Later requests must not be decided before. [P-6.6] */
  get sendWaits(): boolean {
    const session = this.#session();
    return session !== undefined && this.#service.sendWaits?.(session) === true;
  }

  /** Tells if one more request may be carried out while so many responses are owed to this client. */
  mayOwe(owed: number): boolean {
    return this.#service.mayOwe?.(this.origin, owed) ?? true;
  }

  logout(username: string): Promise<LogoutOutcome> {
    const session = this.#session();
    if (session === undefined || !this.#isMine(username)) {
      return this.#confirmed({ status: Status.notLoggedIn });
    }
    const forgotten = this.#service.identity.forgetTokens(session);
    this.end();
    const outcome = { status: Status.loggedOut };
    return this.#confirmed(forgotten === undefined ? outcome : forgotten.then(() => outcome));
  }

  delete(username: string): Promise<DeleteOutcome> {
    const session = this.#session();
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
    return this.#session()?.acknowledge(count) ?? true;
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

  pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const end = () => {
        clearTimeout(timer);
        this.#pauses?.delete(end);
        resolve();
      };
      const timer = setTimeout(end, ms).unref();
      this.#pauses ??= new Set();
      this.#pauses.add(end);
    });
  }

  /** Ends the session, as the client is gone and nobody waits for outcomes. May be called twice. */
  leave(): void {
    this.#gone = true;
    for (const end of this.#pauses ?? []) end();
    this.#share.giveBack();
    this.end();
  }

  /** Ends the session, if there is one. May be called twice. */
  end(): void {
    this.#session()?.end();
  }

  #session(): Session | undefined {
    return this.#lastSession?.ended === false ? this.#lastSession : undefined;
  }

  #isMine(username: string): boolean {
    return this.#session()?.username === username;
  }

  /** Makes a refusal of a login. It says whether the user exists, which has to be durable. */
  async #refused<Refused>(username: string, status: Refused): Promise<{ status: Refused }> {
    await this.#service.settled(username);
    return { status };
  }

  /** Logs in with a secret, which is tried first. */
  async #proven(username: string, secret: string): Promise<LoginResult> {
    const tried = await this.#service.identity.trySecret(username, secret, this);
    const isProof = typeof tried === 'string';
    // The client is gone, so it would not use the session. A wrong secret stays one, for the metrics.
    const isWrong = !isProof && tried.status === Status.wrongSecret;
    if (this.#gone && !isWrong) return { status: Status.unknownError };
    if (!isProof) {
      await this.#lastSession?.acknowledged();
      return tried;
    }
    return this.#begunLater(
      username,
      this.#service.beginSession(username, this.#receiver, tried, this.origin),
    );
  }

  /** Makes the result of a login that is decided later than its call. */
  async #begunLater(
    username: string,
    pending: Begun | Resumed | Promise<Begun | Resumed>,
  ): Promise<LoginResult> {
    const before = this.#lastSession;
    const begun = await pending;
    if (typeof begun === 'number') {
      await before?.acknowledged();
      return this.#refused(username, begun);
    }
    const [session, resumed] = begun instanceof Session ? [begun] : [begun.session, begun];
    this.#lastSession = session;
    // Nobody is there any more to use it, or to end it.
    if (this.#gone) session.end();
    await before?.settled();
    return this.#begun(session, before, resumed);
  }

  /**
   * Makes the result of a login with a session, which ends if its account does not become durable.
   *
   * @param resumed the hash of the token that it is resumed with, and when what was taken is forgotten
   */
  async #begun(
    session: Session,
    before: Session | undefined,
    resumed?: { readonly used: string; readonly forgotten: Promise<void> | undefined },
  ): Promise<LoginResult> {
    try {
      await Promise.all([this.#service.settled(session.username), resumed?.forgotten]);
    } catch (error) {
      session.end();
      if (this.#lastSession === session) this.#lastSession = before;
      throw error;
    }
    const token = await this.#service.identity.giveToken(session, resumed?.used);
    const status = session.unread > 0 ? Status.loggedInUnread : Status.loggedIn;
    return { status, session, token };
  }

  /** Deletes the account, and with its mailbox all that was left to confirm. */
  async #deleted(session: Session): Promise<DeleteOutcome> {
    const outcome = await this.#service.delete(session);
    if (this.#lastSession === session) this.#lastSession = undefined;
    return outcome;
  }

  #searchOutcome(query: string, asker: Asker): ListOutcome | Promise<ListOutcome> {
    if (this.#service.searchNeedsSession && this.#session() === undefined) {
      return { status: Status.notLoggedIn };
    }
    if (!isValidQuery(query)) return { status: Status.invalidContent };
    const waitMs = this.#share.search();
    if (waitMs > 0) return tooBusyFor(waitMs);
    const result = this.#service.search(query, asker);
    return result instanceof Promise ? result.then(searchOutcomeOf) : searchOutcomeOf(result);
  }

  #sendOutcome(sender: string, recipient: string, body: string) {
    const session = this.#session();
    if (session?.username !== sender) return { status: Status.notLoggedIn };
    if (!isValidUsername(recipient) || !isValidMessage(body)) {
      return { status: Status.invalidContent };
    }
    const waitMs = this.#share.send(sender);
    if (waitMs > 0) return tooBusyFor(waitMs);
    return this.#service.post(sender, recipient, body, session);
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
      return unknownError();
    }
  }
}

/** Returns the outcome of what failed. The service has told its `onStoreError` what happened. */
function unknownError() {
  return { status: Status.unknownError };
}

function isCount(count: number | undefined): count is number {
  return Number.isSafeInteger(count);
}

function searchOutcomeOf(result: SearchResult | undefined): ListOutcome {
  if (result === undefined) return { status: Status.tooBusy };
  if (result.usernames.length === 0) return { status: Status.notFound };
  return { status: result.cut ? Status.foundCut : Status.found, usernames: result.usernames };
}

import { setImmediate as nextTurn } from 'node:timers/promises';
import { isValidUsername, type RegisterOutcome, Status } from '@tandem/core';
import { type Account, unreadOf } from '../accounts/account.ts';
import type { AccountChanges } from '../accounts/account-changes.ts';
import type { Directory } from '../accounts/directory.ts';
import type { Asker } from '../scheduling/fair-queue.ts';
import type { SearchResult } from '../search/search.ts';
import type { Identity } from './identity.ts';
import type { Secrets } from './secrets.ts';
import type { Session, SessionSummary } from './session.ts';

/** A user, as an operator sees them. */
export interface UserSummary {
  readonly username: string;
  /** The messages that the user has not acknowledged. */
  readonly unread: number;
  readonly hasSession: boolean;
  readonly hasSecret: boolean;
}

/** The parts of a service that an operator acts on. */
export interface AdministrationParts {
  readonly directory: Directory;
  readonly identity: Identity;
  readonly secrets: Secrets;
  readonly changes: AccountChanges;
  readonly sessions: ReadonlySet<Session>;
  /** Finds usernames; see `ChatService.search`. */
  readonly search: (query: string) => SearchResult | undefined | Promise<SearchResult | undefined>;
  /** Makes an account, whoever may make them; see `ChatService.create`. */
  readonly create: (username: string, secret?: string) => Promise<RegisterOutcome>;
  /** The operator, whose share of the hashing a new secret takes. */
  readonly operator: Asker;
}

// Looked at between two turns of the event loop: about a tenth of a millisecond.
const accountsPerTurn = 2_048;
// The messages of each may have to be counted: some milliseconds.
const namesPerTurn = 256;

/**
 * The operations of a chat service for an operator. They check no permission: the caller has made
 * sure that it is the operator. Methods that change something resolve when that is durable, and reject
 * when the store fails.
 */
export interface Administration {
  /**
   * Returns users whose names match, at most 10,000; undefined when too many searches wait.
   *
   * @param query valid
   */
  users(
    query: string,
  ): Promise<{ readonly users: readonly UserSummary[]; readonly cut: boolean } | undefined>;
  /** Returns the sessions that this process has, the oldest first. */
  sessions(): SessionSummary[];
  /** Returns how many sessions it has, and how many of them wait for their client to acknowledge. */
  countSessions(): { readonly sessions: number; readonly windowsFull: number };
  /**
   * Counts mailboxes by their size.
   *
   * @param bounds sizes in ascending order; a mailbox counts for the first that it does not exceed
   * @param turn waits for the next turn of the event loop, in each of which a part is counted
   * @returns the mailboxes for each bound, then those above all; and the messages in all of them
   */
  mailboxSizes(
    bounds: readonly number[],
    turn: () => Promise<void>,
  ): Promise<{ readonly counts: readonly number[]; readonly messages: number }>;
  /**
   * Ends a user's session, and its connection or stream, and makes the token worthless with which it could
   * be resumed. Resolves with false when there is no such session.
   */
  kick(username: string): Promise<boolean>;
  /** Makes an account, whatever the server allows others to make. [P-4.1] */
  create(username: string, secret?: string): Promise<RegisterOutcome>;
  /** Deletes an account with its mailbox, and ends its session. Resolves with false when there is none. */
  delete(username: string): Promise<boolean>;
  /**
   * Gives an account another secret, and ends its session; whoever has the old one, or a token, is out.
   * Resolves with 64, or why not: 10, 116, 117, 118, 122, 123.
   *
   * @param secret undefined for none: the account is anybody's then
   */
  resetSecret(username: string, secret: string | undefined): Promise<Status>;
  /** Tells if there is such a user. */
  has(username: string): boolean | Promise<boolean>;
}

/** Counts the sessions of a process, and those of them that wait for their client to acknowledge. */
export function countSessions(sessions: Iterable<Session>): {
  readonly sessions: number;
  readonly windowsFull: number;
} {
  const counts = { sessions: 0, windowsFull: 0 };
  for (const session of sessions) {
    counts.sessions++;
    if (session.windowFull) counts.windowsFull++;
  }
  return counts;
}

/** The administration of a service that has everything in memory. */
export class LocalAdministration implements Administration {
  readonly #parts: AdministrationParts;

  /** Use `ChatService.administration`. */
  constructor(parts: AdministrationParts) {
    this.#parts = parts;
  }

  async users(
    query: string,
  ): Promise<{ readonly users: readonly UserSummary[]; readonly cut: boolean } | undefined> {
    const result = await this.#parts.search(query);
    if (result === undefined) return undefined;
    const users: UserSummary[] = [];
    for (const [looked, username] of result.usernames.toArray().entries()) {
      const account = this.#parts.directory.get(username);
      if (account !== undefined) users.push(summaryOf(account));
      if ((looked + 1) % namesPerTurn === 0) await nextTurn();
    }
    return { users, cut: result.cut };
  }

  sessions(): SessionSummary[] {
    return [...this.#parts.sessions].map((session) => session.summary());
  }

  countSessions() {
    return countSessions(this.#parts.sessions);
  }

  async mailboxSizes(
    bounds: readonly number[],
    turn: () => Promise<void>,
  ): Promise<{ readonly counts: readonly number[]; readonly messages: number }> {
    const counts = Array<number>(bounds.length + 1).fill(0);
    let messages = 0;
    let looked = 0;
    for (const [unread, accounts] of this.#parts.directory.mailboxSizes()) {
      const at = bounds.findIndex((bound) => unread <= bound);
      const index = at === -1 ? bounds.length : at;
      counts[index] = (counts[index] as number) + accounts;
      messages += unread * accounts;
      if (++looked % accountsPerTurn === 0) await turn();
    }
    return { counts, messages };
  }

  async kick(username: string): Promise<boolean> {
    const account = this.#parts.directory.get(username);
    if (account?.session === undefined) return false;
    account.session.dismiss();
    await this.#parts.identity.forgetTokensOf(account);
    return true;
  }

  create(username: string, secret?: string): Promise<RegisterOutcome> {
    return this.#parts.create(username, secret);
  }

  async delete(username: string): Promise<boolean> {
    const account = this.#parts.directory.get(username);
    if (account === undefined) return false;
    account.session?.dismiss();
    await this.#parts.changes.remove(username);
    return true;
  }

  async resetSecret(username: string, secret: string | undefined): Promise<Status> {
    const { directory, identity, secrets, operator } = this.#parts;
    if (!isValidUsername(username)) return Status.invalidContent;
    const account = directory.get(username);
    if (account === undefined) return Status.notRegistered;
    const refusal = secrets.refusalOf(username, secret);
    if (refusal !== undefined) return refusal;
    return identity.resetSecret(account, secret, operator);
  }

  has(username: string): boolean {
    return this.#parts.directory.has(username);
  }
}

function summaryOf(account: Account): UserSummary {
  return {
    username: account.username,
    unread: unreadOf(account),
    hasSession: account.session !== undefined,
    hasSecret: account.credentials !== undefined,
  };
}

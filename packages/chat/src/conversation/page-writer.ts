import {
  type MemoryAccount,
  unreadPageMemoryBytes,
  usernamesMemoryBytes,
} from '@tandem/core/server';
import { turnCost } from '../scheduling/scheduler.ts';
import type { FoundOutcome, ListOutcome } from '../search/search.ts';
import type { ClientAgent } from '../service/client-agent.ts';
import type { Session } from '../service/session.ts';
import { shortListMax, unreadPages, usernamePages } from './pages.ts';
import { ClientGone, type Wire } from './wire.ts';

/** The memory account of a wire's connection, which pays for long responses while they are made. */
export type PageAccount = Pick<MemoryAccount, 'take' | 'charge' | 'give'>;

/** Tells whether the list of a search is so long that it is written in turns. */
export function isLong(outcome: ListOutcome): outcome is FoundOutcome {
  return 'usernames' in outcome && outcome.usernames.length > shortListMax;
}

/**
 * Writes long responses, page by page: each is made when the client has room for it and a turn of the
 * event loop has time.
 */
export class PageWriter<Response> {
  readonly #agent: ClientAgent;
  readonly #wire: Wire<Response>;
  readonly #account: PageAccount | undefined;
  readonly #isOver: () => boolean;

  /** @param isOver tells whether the conversation has ended, so that nobody reads pages any more */
  constructor(
    agent: ClientAgent,
    wire: Wire<Response>,
    account: PageAccount | undefined,
    isOver: () => boolean,
  ) {
    this.#agent = agent;
    this.#wire = wire;
    this.#account = account;
    this.#isOver = isOver;
  }

  /** Writes the messages that were unread at a login. Rejects with ClientGone when the client is gone. */
  async writeUnread(session: Session): Promise<void> {
    const waits = session.unread > shortListMax;
    if (this.#account !== undefined) session.payFrom(this.#account);
    if (waits) await this.#room();
    if (waits) this.#account?.charge(unreadPageMemoryBytes);
    try {
      for await (const page of unreadPages(session)) {
        this.#wire.loginPage(page, session.unread);
        if (!page.last) await this.#room();
      }
    } finally {
      if (waits) this.#account?.give(unreadPageMemoryBytes);
    }
  }

  /**
   * Writes the usernames that a search found, and empties their list. Returns false when there is no memory
   * for them. Rejects with ClientGone when the client is gone.
   */
  async writeFound(outcome: FoundOutcome): Promise<boolean> {
    const bytes = usernamesMemoryBytes(outcome.usernames);
    if (this.#account?.take(bytes) === false) return false;
    try {
      await this.#roomForNames();
      for (const page of usernamePages(outcome.usernames)) {
        this.#wire.searchPage(page, outcome);
        if (!page.last) await this.#roomForNames();
      }
      return true;
    } finally {
      this.#account?.give(bytes);
      // The promise that the search waited for may be old and dead. V8 would keep all that it refers to until
      // the old generation is collected.
      outcome.usernames.clear();
    }
  }

  /** Does as {@link #room} does. A list whose client has room, and which waits for a turn alone, counts meanwhile. */
  async #roomForNames(): Promise<void> {
    await this.#wire.drained();
    const { scheduler, origin } = this.#agent;
    await scheduler.turnForNames(origin, 1, this.#isOver);
    if (this.#isOver()) throw new ClientGone();
  }

  /** Resolves when the client has room for a page, and a turn of the event loop has time to make it. */
  async #room(): Promise<void> {
    await this.#wire.drained();
    const { scheduler, origin } = this.#agent;
    await scheduler.turn(origin, turnCost.page, this.#isOver);
    if (this.#isOver()) throw new ClientGone();
  }
}

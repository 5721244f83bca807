import type { Message } from '@tandem/core';
import { type Account, newAccount } from '../../src/accounts/account.ts';
import { type ChatLimits, defaultChatLimits, Session } from '../../src/index.ts';
import { turn } from '../stage.ts';
import { FaultyStore } from '../store/faulty-store.ts';

/** One account, ann's, and the sessions that a test begins on it as the service would. */
export class SessionStage {
  readonly store = new FaultyStore();
  /** The bodies that were pushed. */
  readonly pushed: string[] = [];
  /** The failures of sessions. */
  readonly failures: unknown[] = [];
  account: Account = newAccount('ann', 0);
  lastMessageId = 0;

  begin(limits: Partial<ChatLimits> = {}): Session {
    const session = new Session({
      account: this.account,
      store: this.store,
      limits: { ...defaultChatLimits, ...limits },
      receiver: {
        push: ({ body }: Message) => void this.pushed.push(body),
        mailboxFailed: (error) => void this.failures.push(error),
        resumedElsewhere: () => void this.failures.push('resumed elsewhere'),
        dismissed: () => void this.failures.push('dismissed'),
      },
      lastMessageId: this.lastMessageId,
      onStoreError: () => {},
    });
    this.account.session = session;
    return session;
  }

  beginLive(limits: Partial<ChatLimits> = {}): Session {
    const session = this.begin(limits);
    session.goLive();
    return session;
  }

  /** Sends ann a message, as the service does. */
  send(body: string): void {
    const message = { id: ++this.lastMessageId, sender: 'bob', body };
    this.account.stored++;
    void this.store.addMessage('ann', message);
    this.account.session?.offer(message);
  }

  sendAll(bodies: readonly string[]): void {
    for (const body of bodies) this.send(body);
  }

  /** Answers reads, and those that come of them, until there are none. */
  async answerReads(): Promise<void> {
    await turn();
    while (this.store.readsHeld > 0) {
      this.store.answerReads();
      await turn();
    }
  }
}

/** The numbers of a range, as bodies of messages. */
export function numbers(from: number, to: number): string[] {
  return Array.from({ length: to - from + 1 }, (_, i) => `${from + i}`);
}

import { type Message, Status } from '@tandem/core';
import { expect } from 'vitest';
import { type ChatLimits, ChatService, type ClientAgent, type Session } from '../src/index.ts';
import { listed } from './listed.ts';
import { FaultyStore } from './store/faulty-store.ts';

/** One client of a service under test, and what it was given. */
export interface TestPeer extends ClientAgent {
  /** The messages that were pushed, as `sender|body`. */
  readonly pushed: string[];
  /** The failures of its session. */
  readonly failures: unknown[];
}

/** A service over a store that does as it is told. */
export class Stage {
  readonly service: ChatService;
  readonly store: FaultyStore;
  /** The errors that `onStoreError` got. */
  readonly storeErrors: unknown[];
  readonly #agents: TestPeer[] = [];

  private constructor(service: ChatService, store: FaultyStore, storeErrors: unknown[]) {
    this.service = service;
    this.store = store;
    this.storeErrors = storeErrors;
  }

  static async open(limits: Partial<ChatLimits> = {}): Promise<Stage> {
    const store = new FaultyStore();
    const storeErrors: unknown[] = [];
    const onStoreError = (error: unknown) => void storeErrors.push(error);
    const service = await ChatService.open({ store, limits, onStoreError });
    return new Stage(service, store, storeErrors);
  }

  connect(): TestPeer {
    const pushed: string[] = [];
    const failures: unknown[] = [];
    const agent = this.service.connect({
      push: (message) => void pushed.push(text(message)),
      mailboxFailed: (error) => void failures.push(error),
      resumedElsewhere: () => void failures.push('resumed elsewhere'),
      dismissed: () => void failures.push('dismissed'),
    });
    const testPeer = Object.assign(agent, { pushed, failures });
    this.#agents.push(testPeer);
    return testPeer;
  }

  async register(...usernames: readonly string[]): Promise<void> {
    for (const username of usernames) {
      expect(await this.connect().register(username)).toEqual({ status: Status.registered });
    }
  }

  /** A new user who is logged in. */
  async newUser(username: string): Promise<TestPeer> {
    await this.register(username);
    const agent = this.connect();
    const session = await logIn(agent, username);
    session.goLive();
    return agent;
  }

  /**
   * Ends every session, and checks that the service shows what the store has: the names, and who
   * has what unread.
   */
  async expectAgreement(): Promise<void> {
    this.store.release();
    await turn();
    for (const agent of this.#agents) agent.end();
    const names = this.store.accounts();
    expect(this.service.accountCount).toBe(names.length);
    const found = await this.connect().search('');
    expect(listed(found)?.usernames).toEqual(names);
    for (const name of names) {
      const agent = this.connect();
      const session = await logIn(agent, name);
      const mailbox = await this.store.mailbox(name);
      expect([name, session.unread]).toEqual([name, mailbox.length]);
      expect(await readAll(session)).toEqual(mailbox);
      agent.end();
    }
  }
}

/** Logs in, and expects that to succeed. */
export async function logIn(agent: ClientAgent, username: string): Promise<Session> {
  const result = await agent.login(username);
  if (!('session' in result)) throw new Error(`the login of ${username} was answered otherwise`);
  return result.session;
}

/** Everything that was unread at login, as `sender|body`. */
export async function readAll(session: Session): Promise<string[]> {
  const all: string[] = [];
  for (;;) {
    const messages = await session.readUnread(100);
    if (messages.length === 0) return all;
    all.push(...messages.map(text));
  }
}

/** Lets everything go on that waits for nothing but its turn. */
export function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/** Returns what a promise has resolved or rejected with, once nothing else can go on; 'waiting' if it has not. */
export async function stateOf<T>(promise: T | Promise<T>): Promise<T | 'waiting'> {
  return Promise.race([promise, turn().then(() => 'waiting' as const)]);
}

function text({ sender, body }: Message): string {
  return `${sender}|${body}`;
}

import type { Message, SearchOutcome, Status } from '@tandem/core';
import {
  type ChatService,
  Conversation,
  type ConversationEnd,
  type FoundOutcome,
  type LoginResult,
  type Receiver,
  type Request,
  unreadPages,
  type Wire,
} from '../../src/index.ts';

/** A wire that is two lists: requests that were read, and what was written, statuses as numbers. */
export class FakeWire implements Wire<string>, Receiver {
  readonly conversation: Conversation<string>;
  /** What was read and is not yet taken. */
  readonly requests: Request[] = [];
  /** Answers; pushes as `sender|body`; at last how it was finished. */
  readonly written: (string | ConversationEnd)[] = [];
  /** What `read` was told. */
  readonly reads: boolean[] = [];
  readonly failures: unknown[] = [];
  blocked = false;
  /** Statuses that this wire has no answer for. */
  readonly silentAbout = new Set<Status>();
  #gate: PromiseWithResolvers<void> | undefined;

  constructor(service: ChatService) {
    this.conversation = new Conversation(service.connect(this), this);
  }

  /** These requests are read. */
  hear(...requests: readonly Request[]): void {
    this.requests.push(...requests);
    this.conversation.received();
  }

  /** Holds long answers back from now on. */
  hold(): void {
    this.#gate = Promise.withResolvers();
  }

  release(): void {
    this.#gate?.resolve();
    this.#gate = undefined;
  }

  /** What is held back can no longer be written. */
  break(error: Error): void {
    this.#gate?.reject(error);
  }

  next(): Request | undefined {
    return this.requests.shift();
  }

  read(wanted: boolean): void {
    this.reads.push(wanted);
  }

  write(answer: string): void {
    this.written.push(answer);
  }

  status(status: Status): string | undefined {
    return this.silentAbout.has(status) ? undefined : `${status}`;
  }

  sendStatus(status: Status, toOneself: boolean): string | undefined {
    return toOneself ? undefined : `${status}`;
  }

  async login(result: LoginResult): Promise<void> {
    await this.#gate?.promise;
    const pages = 'session' in result ? unreadPages(result.session) : [];
    const unread: string[] = [];
    for await (const { items } of pages) unread.push(...items.map(({ body }) => body));
    this.write([result.status, ...unread].join(' '));
  }

  found(outcome: SearchOutcome): string {
    return 'usernames' in outcome ? outcome.usernames.join('|') : `${outcome.status}`;
  }

  async search(outcome: FoundOutcome): Promise<void> {
    await this.#gate?.promise;
    this.write(this.found(outcome));
  }

  finish(end: ConversationEnd): void {
    this.written.push(end);
  }

  push({ sender, body }: Message): void {
    this.written.push(`${sender}|${body}`);
  }

  mailboxFailed(error: unknown): void {
    this.failures.push(error);
  }

  cutShort(error: unknown): void {
    this.failures.push(error);
  }
}

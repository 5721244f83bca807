import { type Message, Status } from '@tandem/core';
import type { MemoryAccount } from '@tandem/core/server';
import {
  type Chat,
  Conversation,
  type ConversationEnd,
  type NameList,
  type Page,
  type Receiver,
  type Request,
  type ResponseDetail,
  type Wire,
} from '../../src/index.ts';

/** A wire that is two lists: requests that were read, and what was written, statuses as numbers. */
export class FakeWire implements Wire<string>, Receiver {
  readonly conversation: Conversation<string>;
  /** The requests that were read and not yet taken. */
  readonly requests: Request[] = [];
  /** Answers; pushes as `sender|body`; at last how it was finished. */
  readonly written: (string | ConversationEnd)[] = [];
  /** The arguments of `read`. */
  readonly reads: boolean[] = [];
  readonly failures: unknown[] = [];
  blocked = false;
  /** Statuses that this wire has no response for. */
  readonly silentAbout = new Set<Status>();
  #gate: PromiseWithResolvers<void> | undefined;

  constructor(service: Pick<Chat, 'connect'>, account?: MemoryAccount) {
    this.conversation = new Conversation(service.connect(this), this, account);
  }

  /** These requests are read. */
  hear(...requests: readonly Request[]): void {
    this.requests.push(...requests);
    this.conversation.received();
  }

  /** Has no room for pages from now on. */
  hold(): void {
    this.#gate = Promise.withResolvers();
  }

  /** Has room for one page. */
  drainOnce(): void {
    const gate = this.#gate;
    this.hold();
    gate?.resolve();
  }

  release(): void {
    this.#gate?.resolve();
    this.#gate = undefined;
  }

  /** Rejects who waits for room. */
  break(error: Error): void {
    this.#gate?.reject(error);
  }

  next(): Request | undefined {
    return this.requests.shift();
  }

  read(wanted: boolean): void {
    this.reads.push(wanted);
  }

  write(response: string): void {
    this.written.push(response);
  }

  status(status: Status, { token, retryAfterS }: ResponseDetail = {}): string | undefined {
    const said = [status, token, retryAfterS].filter((part) => part !== undefined).join(' ');
    return this.silentAbout.has(status) ? undefined : said;
  }

  sendStatus(status: Status, toOneself: boolean): string | undefined {
    return toOneself ? undefined : `${status}`;
  }

  loginPage({ items, last }: Page<readonly Message[]>): void {
    const status = last ? Status.loggedInUnread : Status.loggedInMore;
    this.write([status, ...items.map(({ body }) => body)].join(' '));
  }

  searchPage({ items }: Page<NameList>): void {
    this.write(items.join('|'));
  }

  async drained(): Promise<void> {
    await this.#gate?.promise;
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

  dismissed(): void {
    this.written.push('dismissed');
  }

  resumedElsewhere(): void {
    this.written.push('resumed elsewhere');
  }

  responseCutShort(error: unknown): void {
    this.failures.push(error);
  }
}

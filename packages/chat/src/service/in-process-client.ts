import {
  type BlockOutcome,
  type ChangeSecretOutcome,
  type ChatClient,
  ChatError,
  type DeleteOutcome,
  Inbox,
  type LoginOutcome,
  type LogoutOutcome,
  type Message,
  type RegisterOutcome,
  type Resumption,
  type SearchOutcome,
  type SendOutcome,
  Status,
} from '@tandem/core';
import type { Chat } from './chat.ts';
import type { ClientAgent, LoginResult } from './client-agent.ts';
import { messagesPerRead, type Session } from './session.ts';

/**
 * A ChatClient that talks to the service in its own process: no wire at all. It is the yardstick of
 * the others, in the conformance suite for what they do and in the lab for what they cost.
 */
export class InProcessClient implements ChatClient {
  readonly messages: Inbox;
  readonly closed: Promise<ChatError | undefined>;
  readonly #agent: ClientAgent;
  readonly #resolveClosed: (error: ChatError | undefined) => void;
  #error: ChatError | undefined;
  #leaving = false;
  /** The user and the token to resume the session with; undefined before the first login. */
  #session: Omit<Resumption, 'taken'> | undefined;
  #loggingIn: Promise<unknown> | undefined;

  constructor(service: Pick<Chat, 'connect'>) {
    const { promise, resolve } = Promise.withResolvers<ChatError | undefined>();
    this.closed = promise;
    this.#resolveClosed = resolve;
    this.messages = new Inbox(() => this.#acknowledge());
    this.#agent = service.connect({
      push: (message) => this.#deliver(message),
      mailboxFailed: (cause) => this.#lose('The mailbox cannot be read', cause),
      resumedElsewhere: () => this.#lose('The session was resumed elsewhere'),
      dismissed: () => this.#lose('The operator ended the session'),
    });
  }

  async register(username: string, secret?: string): Promise<RegisterOutcome> {
    await this.#myTurn();
    return this.#agent.register(username, secret);
  }

  login(username: string, secret?: string): Promise<LoginOutcome> {
    return this.#logIn(username, () =>
      secret === undefined
        ? this.#agent.login(username)
        : this.#agent.loginWithSecret(username, secret),
    );
  }

  resume({ username, token, taken }: Resumption): Promise<LoginOutcome> {
    return this.#logIn(username, () => this.#agent.resume(username, token, taken));
  }

  get resumption(): Resumption | undefined {
    return this.#session && { ...this.#session, taken: this.messages.taken };
  }

  async changeSecret(current: string, secret: string): Promise<ChangeSecretOutcome> {
    await this.#myTurn();
    const username = this.#agent.username ?? '';
    const { token, ...outcome } = await this.#agent.changeSecret(username, current, secret);
    if (outcome.status === Status.secretChanged) this.#resumable(username, token);
    return outcome;
  }

  async block(username: string): Promise<BlockOutcome> {
    await this.#myTurn();
    return this.#agent.setBlocked(this.#agent.username ?? '', username, true);
  }

  async unblock(username: string): Promise<BlockOutcome> {
    await this.#myTurn();
    return this.#agent.setBlocked(this.#agent.username ?? '', username, false);
  }

  async search(query: string): Promise<SearchOutcome> {
    await this.#myTurn();
    const outcome = await this.#agent.search(query);
    if (!('usernames' in outcome)) return outcome;
    return { ...outcome, usernames: outcome.usernames.toArray() };
  }

  async send(recipient: string, body: string): Promise<SendOutcome> {
    await this.#myTurn();
    return this.#agent.send(this.#agent.username ?? '', recipient, body);
  }

  async logout(): Promise<LogoutOutcome> {
    await this.#myTurn();
    this.#leave();
    return this.#agent.logout(this.#agent.username ?? '');
  }

  async delete(): Promise<DeleteOutcome> {
    await this.#myTurn();
    this.#leave();
    return this.#agent.delete(this.#agent.username ?? '');
  }

  close(): Promise<void> {
    this.#end(undefined);
    return Promise.resolve();
  }

  // Calls take effect in their order: those behind a login wait until its messages are in the inbox.
  async #myTurn(): Promise<void> {
    await this.#loggingIn;
    if (this.#error !== undefined) throw this.#error;
  }

  #logIn(username: string, login: () => Promise<LoginResult>): Promise<LoginOutcome> {
    const answered = this.#myTurn().then(() => this.#begin(username, login()));
    this.#loggingIn = answered.catch(() => {});
    return answered;
  }

  async #begin(username: string, login: Promise<LoginResult>): Promise<LoginOutcome> {
    const result = await login;
    if (!('session' in result)) return result;
    if (this.#error !== undefined) throw this.#error;
    this.messages.startSession();
    this.#leaving = false;
    this.#resumable(username, result.token);
    const unread = await this.#deliverUnread(result.session);
    if (this.#error !== undefined) throw this.#error;
    result.session.goLive();
    return { status: result.status, unread };
  }

  async #deliverUnread(session: Session): Promise<number> {
    let unread = 0;
    for (;;) {
      const messages = await session.readUnread(messagesPerRead).catch((cause: unknown) => {
        throw this.#lose('The mailbox cannot be read', cause);
      });
      if (messages.length === 0) return unread;
      unread += messages.length;
      for (const message of messages) this.#deliver(message);
    }
  }

  // As a wire would carry it: without the store's id.
  #deliver({ sender, body }: Message): void {
    this.messages.deliver({ sender, body });
  }

  // The session ends within the same call, whatever the response waits for: nothing is to be resumed.
  #leave(): void {
    this.#leaving = true;
    this.#session = undefined;
    this.messages.startSession();
  }

  #resumable(username: string, token: string | undefined): void {
    this.#session = token === undefined ? undefined : { username, token };
  }

  #acknowledge(): void {
    if (!this.#leaving) this.#agent.acknowledge(this.messages.taken);
  }

  #lose(message: string, cause?: unknown): ChatError {
    const error = new ChatError('connection-lost', message, { cause });
    this.#end(error);
    return error;
  }

  #end(error: ChatError | undefined): void {
    if (this.#error !== undefined) return;
    this.#error = error ?? new ChatError('closed', 'This client was closed');
    this.#agent.leave();
    this.messages.end();
    this.#resolveClosed(error);
  }
}

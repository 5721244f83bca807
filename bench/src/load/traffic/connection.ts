import { setTimeout as delay } from 'node:timers/promises';
import { type ChatError, type ExchangeClient, type Place, Status } from '@tandem/core';
import { statusWords } from './outcome.ts';
import { connectTo, type LoadTarget } from './transport.ts';

/** The wait of a broken connection before it connects again, in milliseconds. */
const reconnectDelayMs = 1_000;

/** Events of connects. */
export interface ConnectListener {
  connected(): void;
  connectFailed(error: unknown): void;
}

/** The end of an account: it was never made, is deleted, or was lost with a server that stores nothing. */
export type AccountEnd = 'none' | 'deleted' | 'gone';

/**
 * A connection with an account of its own, which is logged in and takes messages. When it breaks, it
 * connects and logs in again, each second, until it leaves; operations in between fail.
 */
export class LoadConnection {
  readonly username: string;
  readonly #target: LoadTarget;
  readonly #listener: ConnectListener;
  /** Aborted when it must not reconnect any more. */
  readonly #leaving = new AbortController();
  /** Aborted when it must not connect any more, for any purpose. */
  readonly #closing = new AbortController();
  #opening: Promise<void> | undefined;
  #client: ExchangeClient | undefined;
  #registered = false;
  #usable = Promise.withResolvers<void>();

  constructor(username: string, target: LoadTarget, listener: ConnectListener) {
    this.username = username;
    this.#target = target;
    this.#listener = listener;
  }

  /** True when the account was requested, so it may exist. */
  get registered(): boolean {
    return this.#registered;
  }

  /** The server's address; undefined before the connection was open. */
  get place(): Place | undefined {
    return this.#client?.place;
  }

  /** Connects, makes the account and logs in. */
  async open(signal: AbortSignal): Promise<void> {
    const either = AbortSignal.any([signal, this.#leaving.signal]);
    this.#opening = this.#open(either, true);
    try {
      await this.#opening;
    } catch (error) {
      if (!either.aborted) this.#listener.connectFailed(error);
      throw error;
    }
  }

  /** Resolves when the connection is open again, at once if it is, or leaves. */
  usable(): Promise<void> {
    return this.#usable.promise;
  }

  /** Searches for a name. Rejects when the connection is broken. */
  async search(username: string): Promise<Status> {
    return (await this.#opened.search(username)).status;
  }

  /** Sends to somebody. Rejects when the connection is broken. */
  async send(recipient: string, body: string): Promise<Status> {
    return (await this.#opened.send(recipient, body)).status;
  }

  /** Deletes the account, on a new connection if the present one is broken. Rejects when it cannot. */
  async deleteAccount(): Promise<AccountEnd> {
    this.#leave();
    // An account that is being made can only be deleted after that.
    await this.#opening?.catch(() => {});
    if (!this.#registered) return 'none';
    const status = await this.#delete().catch((error: unknown) => this.#deleteAnew(error));
    if (status === Status.notRegistered) return 'gone';
    if (status === Status.deleted) return 'deleted';
    throw new Error(`a delete was answered ${statusWords(status)}`);
  }

  /** Disconnects, whatever is under way. */
  async close(): Promise<void> {
    this.#leave();
    this.#closing.abort();
    await this.#client?.close();
  }

  get #opened(): ExchangeClient {
    if (this.#client === undefined) throw new Error('the connection was never open');
    return this.#client;
  }

  async #delete(): Promise<Status> {
    return (await this.#opened.delete()).status;
  }

  async #deleteAnew(error: unknown): Promise<Status> {
    const { signal } = this.#closing;
    if (signal.aborted) throw error;
    await this.#client?.close();
    this.#client = await connectTo(this.#target, signal);
    const { status } = await this.#client.login(this.username);
    return status === Status.notRegistered ? status : this.#delete();
  }

  #leave(): void {
    this.#leaving.abort();
    this.#usable.resolve();
  }

  async #open(signal: AbortSignal, first: boolean): Promise<void> {
    const client = await connectTo(this.#target, signal);
    this.#client = client;
    try {
      await this.#logIn(client, first);
    } catch (error) {
      await client.close();
      throw error;
    }
    this.#listener.connected();
    this.#usable.resolve();
    void takeAll(client);
    void client.closed.then((error) => this.#broken(error));
  }

  async #logIn(client: ExchangeClient, first: boolean): Promise<void> {
    // Also when it reconnects, since a server that stores nothing has lost the account.
    const { status } = await client.register(this.username);
    if (status === Status.registered) this.#registered = true;
    else if (first || status !== Status.usernameTaken) {
      throw new Error(`a register was answered ${statusWords(status)}`);
    }
    const login = await client.login(this.username);
    if (login.status !== Status.loggedIn && login.status !== Status.loggedInUnread) {
      throw new Error(`a login was answered ${statusWords(login.status)}`);
    }
  }

  #broken(error: ChatError | undefined): void {
    if (error === undefined || this.#leaving.signal.aborted) return;
    this.#usable = Promise.withResolvers();
    void this.#reopen();
  }

  async #reopen(): Promise<void> {
    const { signal } = this.#leaving;
    while (!signal.aborted) {
      await delay(reconnectDelayMs, undefined, { signal }).catch(() => {});
      if (signal.aborted) return;
      try {
        await this.#open(signal, false);
        return;
      } catch (error) {
        if (!signal.aborted) this.#listener.connectFailed(error);
      }
    }
  }
}

async function takeAll(client: ExchangeClient): Promise<void> {
  for await (const _ of client.messages);
}

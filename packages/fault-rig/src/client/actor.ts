import { setTimeout as sleep } from 'node:timers/promises';
import { Status } from '@tandem/core';
import { monotonicMs } from '../history/event.ts';
import type { Journal } from '../history/journal.ts';
import { messageId } from '../message.ts';
import type { Step } from '../plan/plan.ts';
import type { ActorOrder, SessionResumption } from './protocol.ts';
import { RecordedClient } from './recorded-client.ts';

// Short, so that a stalled connection does not take a whole round.
const patienceMs = 3_000;

// No fault is left at the end of a round, but the machine may be busy: a response that is late is no fault of the server.
const patienceOfCleanUpMs = 15_000;

// The time that an actor waits before its next step when it could not connect.
const reconnectAfterMs = 100;

/** One client of a plan. It makes its steps in turn, and connects anew after every failure. */
export class Actor {
  readonly #order: ActorOrder;
  readonly #journal: Journal;
  readonly #stopped: AbortSignal;
  #client: RecordedClient | undefined;
  /** The session to resume on the next connection. */
  #resumption: SessionResumption | undefined;
  #connections = 0;
  #ids = 0;
  #lingerMs = 0;
  #lingerUntilMs = 0;

  /** @param stopped aborted when no further step may begin */
  constructor(order: ActorOrder, journal: Journal, stopped: AbortSignal) {
    this.#order = order;
    this.#journal = journal;
    this.#stopped = stopped;
    this.#resumption = order.resumption;
  }

  /** Makes its steps until all are done, or the time is over. */
  async run(startedAtMs: number, durationMs: number): Promise<void> {
    for (const step of this.#order.steps) {
      await this.#until(startedAtMs + step.atMs);
      if (this.#stopped.aborted || monotonicMs() > startedAtMs + durationMs) break;
      await this.#do(step);
    }
    await this.leave();
  }

  /**
   * Connects if it is not connected, and resumes the session whose connection broke. Resolves with undefined
   * when that fails.
   */
  async connected(): Promise<RecordedClient | undefined> {
    if (this.#client?.broken === false) return this.#client;
    this.#resumption = this.#client?.resumption ?? this.#resumption;
    this.#client = await this.#connect();
    if (this.#client === undefined) await sleep(reconnectAfterMs);
    else if (this.#resumption !== undefined) await this.#resume(this.#client, this.#resumption);
    return this.#client;
  }

  /**
   * Resumes the session on another connection, which is the actor's from then on. Returns the earlier connection,
   * and the number of messages that came; undefined without a session with a secret, or without a response.
   */
  async takeOver(): Promise<{ left: RecordedClient; unread: number } | undefined> {
    const left = this.#client;
    const resumption = left?.session && left.resumption;
    if (left === undefined || resumption === undefined) return undefined;
    const client = await this.#connect();
    if (client === undefined) return undefined;
    const { status, unread } = await client.resume(resumption);
    if (client.session === undefined) {
      // Without a response, the session may have been resumed.
      if (status === undefined) this.#resumption = resumption;
      await client.close();
      return undefined;
    }
    this.#client = client;
    return { left, unread };
  }

  async leave(): Promise<void> {
    await this.#client?.close();
    this.#client = undefined;
    this.#resumption = undefined;
  }

  #connect(): Promise<RecordedClient | undefined> {
    const { transport, host, ports, fingerprint, cleansUp } = this.#order;
    const port = ports[this.#connections++ % ports.length] as number;
    return RecordedClient.connect({
      transport,
      host,
      port,
      fingerprint,
      patienceMs: cleansUp.length === 0 ? patienceMs : patienceOfCleanUpMs,
      journal: this.#journal,
      nextId: () => `${this.#order.name}-${++this.#ids}`,
      lingerMs: () => (monotonicMs() < this.#lingerUntilMs ? this.#lingerMs : 0),
    });
  }

  async #resume(client: RecordedClient, resumption: SessionResumption): Promise<void> {
    const { status } = await client.resume(resumption);
    // Without a response, the earlier token is still valid.
    if (status !== undefined) this.#resumption = undefined;
  }

  async #do(step: Step): Promise<void> {
    const client = await this.connected();
    if (client === undefined) return;
    switch (step.do) {
      case 'register':
        await client.register(step.user);
        return;
      case 'login':
        if (await this.#isNobodyBut(client, step.user)) await client.login(step.user);
        return;
      case 'send':
        if (await this.#become(client, step.user)) await this.#send(client, step);
        return;
      case 'take over':
        if (await this.#become(client, step.user)) await this.#sendOnBoth(step);
        return;
      case 'search':
        await client.search(step.query);
        return;
      case 'linger':
        this.#lingerMs = step.eachMs;
        this.#lingerUntilMs = monotonicMs() + step.forMs;
        return;
      case 'logout':
        if (client.session !== undefined) await client.logout();
        return;
      case 'delete':
        if (await this.#become(client, step.user)) await client.delete();
        return;
      case 'leave':
        await this.leave();
    }
  }

  /** Uses both connections, since only that shows two connections with one session. */
  async #sendOnBoth({ to, chars }: Step & { readonly do: 'take over' }): Promise<void> {
    const taken = await this.takeOver();
    if (taken === undefined || this.#client === undefined) return;
    const send = (client: RecordedClient) => client.send(to, this.#newMessage(chars));
    await Promise.all([taken.left, this.#client].map(send));
    await taken.left.close();
  }

  #newMessage(chars: number): string {
    return messageId(`${this.#order.name}m${++this.#ids}`, chars);
  }

  async #send(client: RecordedClient, step: Step & { readonly do: 'send' }): Promise<void> {
    const messages = step.chars.map((chars) => this.#newMessage(chars));
    if (step.overlapping) {
      await Promise.all(messages.map((message) => client.send(step.to, message)));
      return;
    }
    for (const message of messages) {
      if ((await client.send(step.to, message)) === undefined) return;
    }
  }

  /** Logs in as `user`, and registers the user if needed. Returns true if the session is now theirs. */
  async #become(client: RecordedClient, user: string): Promise<boolean> {
    if (client.session?.user === user) return true;
    if (!(await this.#isNobodyBut(client, user))) return false;
    const { status } = await client.login(user);
    if (status === Status.notRegistered || status === Status.wrongSecret) {
      await client.register(user);
      await client.login(user);
    }
    return client.session?.user === user;
  }

  /** Logs out, if the session is not of `user`. */
  async #isNobodyBut(client: RecordedClient, user: string): Promise<boolean> {
    const { session } = client;
    if (session === undefined || session.user === user) return true;
    const status = await client.logout();
    return status !== undefined && client.session === undefined;
  }

  async #until(atMs: number): Promise<void> {
    const waitMs = atMs - monotonicMs();
    if (waitMs <= 0 || this.#stopped.aborted) return;
    await sleep(waitMs, undefined, { signal: this.#stopped }).catch(() => {});
  }
}

import { setTimeout as sleep } from 'node:timers/promises';
import { type ChatClient, ChatError, endsSession, type LoginOutcome, Status } from '@tandem/core';
import { connectGrpcClient } from '@tandem/grpc-client';
import { connectSocketClient } from '@tandem/socket-client';
import {
  type CallEvent,
  monotonicMs,
  type OperationName,
  type Transport,
} from '../history/event.ts';
import type { Journal } from '../history/journal.ts';
import { bodyOf } from '../message.ts';
import { secretOf } from '../secret.ts';
import type { SessionResumption } from './protocol.ts';
import { ActorSession } from './session.ts';

/** The options of a client. */
export interface RecordedClientOptions {
  readonly transport: Transport;
  readonly host: string;
  readonly port: number;
  /** The fingerprint of the server's certificate, to speak TLS; undefined to speak none. */
  readonly fingerprint: string | undefined;
  /** The longest wait for a connection, and for a response, in milliseconds. */
  readonly patienceMs: number;
  readonly journal: Journal;
  /** Makes the id of the next call. */
  readonly nextId: () => string;
  /** Returns the time for which the consumer now keeps each message before it takes the next, in milliseconds. */
  readonly lingerMs: () => number;
}

/** The subject of a call. */
type About = Partial<
  Pick<CallEvent, 'id' | 'user' | 'session' | 'resumes' | 'taken' | 'to' | 'message'>
>;

/** The recorded part of an outcome. */
interface Recorded {
  readonly status: number;
  readonly unread?: number;
  readonly token?: string | undefined;
}

/**
 * One connection: a ChatClient of Tandem, of which every call, response and message is recorded.
 *
 * A call is written before the client makes it, and a response as soon as it comes. A message is written in the
 * moment before the consumer takes it, and so before its acknowledgement. So whatever kills this
 * process, the journal has all that the server was told.
 */
export class RecordedClient {
  readonly #client: ChatClient;
  readonly #options: RecordedClientOptions;
  /** The current session, or the one that is requested. */
  #session: ActorSession | undefined;
  #broken = false;

  private constructor(client: ChatClient, options: RecordedClientOptions) {
    this.#client = client;
    this.#options = options;
    void client.closed.then(() => {
      this.#broken = true;
      this.#session?.end();
    });
    void this.#consume();
  }

  /** Connects; resolves with undefined when nothing answers there. */
  static async connect(options: RecordedClientOptions): Promise<RecordedClient | undefined> {
    const { transport, host, port, fingerprint, patienceMs } = options;
    const timeouts = { connectTimeoutMs: patienceMs, responseTimeoutMs: patienceMs };
    const tls = fingerprint === undefined ? undefined : { fingerprint };
    try {
      const client = await (transport === 'framed'
        ? connectSocketClient({ host, port, tls, ...timeouts })
        : connectGrpcClient({ host, port, tls, mode: transport, ...timeouts }));
      return new RecordedClient(client, options);
    } catch (error) {
      if (error instanceof ChatError) return undefined;
      throw error;
    }
  }

  /** True when it can no longer be used. */
  get broken(): boolean {
    return this.#broken;
  }

  /** The session; undefined when nobody is logged in. */
  get session(): ActorSession | undefined {
    return this.#session?.over === false ? this.#session : undefined;
  }

  /** The data with which another client resumes the session; undefined without a session with a secret. */
  get resumption(): SessionResumption | undefined {
    const { resumption } = this.#client;
    if (resumption === undefined || this.#session?.user !== resumption.username) return undefined;
    return { ...resumption, session: this.#session.id };
  }

  register(user: string): Promise<number | undefined> {
    return this.#call('register', { user }, () => this.#client.register(user, secretOf(user)));
  }

  search(query: string): Promise<number | undefined> {
    return this.#call('search', {}, () => this.#client.search(query));
  }

  send(to: string, message: string): Promise<number | undefined> {
    return this.#call('send', { to, message }, () => this.#client.send(to, bodyOf(message)));
  }

  /** Resolves with the status, and with how many messages came with it. */
  login(user: string): Promise<{ status: number | undefined; unread: number }> {
    return this.#begin('login', { user }, () => this.#client.login(user, secretOf(user)));
  }

  /** Resumes a session of another client. Resolves as {@link login} does. */
  resume(resumption: SessionResumption): Promise<{ status: number | undefined; unread: number }> {
    const { username: user, session: resumes, taken } = resumption;
    return this.#begin('resume', { user, resumes, taken }, () => this.#client.resume(resumption));
  }

  async #begin(
    name: 'login' | 'resume',
    about: About & { user: string },
    ask: () => Promise<LoginOutcome>,
  ): Promise<{ status: number | undefined; unread: number }> {
    const id = this.#options.nextId();
    const before = this.session;
    // Messages may be handed out before the response.
    const session = before ?? new ActorSession(id, about.user, this.#options.journal);
    this.#session = session;
    let unread = 0;
    const status = await this.#call(name, { ...about, id, session: before?.id ?? '' }, async () => {
      const outcome = await ask();
      if (!('unread' in outcome)) return outcome;
      unread = outcome.unread;
      return { ...outcome, token: this.#client.resumption?.token };
    });
    const began = status === Status.loggedIn || status === Status.loggedInUnread;
    if (before === undefined && !began) session.end();
    return { status, unread };
  }

  async logout(): Promise<number | undefined> {
    const status = await this.#call('logout', {}, () => this.#client.logout());
    if (status !== undefined && endsSession(status as Status)) this.#session?.end();
    return status;
  }

  async delete(): Promise<number | undefined> {
    const status = await this.#call('delete', {}, () => this.#client.delete());
    if (status !== undefined && endsSession(status as Status)) this.#session?.end();
    return status;
  }

  async close(): Promise<void> {
    this.#broken = true;
    this.#session?.end();
    await this.#client.close();
  }

  async #call(
    name: OperationName,
    about: About,
    ask: () => Promise<Recorded>,
  ): Promise<number | undefined> {
    const { journal, transport } = this.#options;
    const id = about.id ?? this.#options.nextId();
    const { session } = this;
    journal.write({
      kind: 'call',
      atMs: monotonicMs(),
      name,
      transport,
      user: session?.user ?? '',
      session: session?.id ?? '',
      ...about,
      id,
    });
    try {
      const { status, unread, token } = await ask();
      const atMs = monotonicMs();
      journal.write({
        kind: 'response',
        atMs,
        id,
        status,
        ...(unread === undefined ? {} : { unread }),
        ...(token === undefined ? {} : { token }),
      });
      return status;
    } catch (error) {
      if (!(error instanceof ChatError)) throw error;
      journal.write({ kind: 'broken', atMs: monotonicMs(), id, code: error.code });
      return undefined;
    }
  }

  async #consume(): Promise<void> {
    for (;;) {
      const { done, value } = await this.#client.messages.next();
      if (done === true) return;
      const session = this.#session;
      const lingerMs = this.#options.lingerMs();
      if (lingerMs > 0) await sleep(lingerMs);
      // A message in hand when its session ends is not taken: it must come again. A consumer that asks
      // for the next one shows that it was taken.
      if (this.#broken) return;
      if (session?.over === false) session.took(value);
    }
  }
}

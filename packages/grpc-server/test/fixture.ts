import { credentials } from '@grpc/grpc-js';
import {
  type ChatLimits,
  ChatService,
  MemoryStore,
  Session,
  type Store,
  type UsageLimits,
} from '@tandem/chat';
import { Status } from '@tandem/core';
import type { MemoryBudget, TransportServer } from '@tandem/core/server';
import { loadMessageServiceClient } from '@tandem/protos';
import type { ServerTls } from '@tandem/tls/server';
import { pino } from 'pino';
import { onTestFinished } from 'vitest';
import { type DiscoverySettings, type GrpcServerLimits, startGrpcServer } from '../src/index.ts';
import { TestClient } from './test-client.ts';

interface StageOptions {
  /** The services for tools; all of them unless given. */
  readonly discovery?: DiscoverySettings;
  readonly limits?: Partial<GrpcServerLimits>;
  readonly usage?: Partial<UsageLimits>;
  readonly chatLimits?: Partial<ChatLimits>;
  readonly store?: Store;
  readonly host?: string;
  readonly budget?: MemoryBudget;
  readonly tls?: ServerTls;
  readonly sessionsByConnection?: boolean;
  /** Accounts that exist. */
  readonly users?: readonly string[];
}

/** A server of a test's own, and the clients that come to it. */
export class Stage {
  readonly server: TransportServer;
  readonly service: ChatService;
  /** The log of the server, as JSON. */
  readonly logged: string[];
  readonly clients: TestClient[] = [];
  /** True when the test has finished, or failed. */
  over = false;

  constructor(server: TransportServer, service: ChatService, logged: string[]) {
    this.server = server;
    this.service = service;
    this.logged = logged;
  }

  /** A client on a connection of its own. */
  client(options: Record<string, number> = {}): TestClient {
    const Stubs = loadMessageServiceClient();
    const { host, port } = this.server;
    const target = host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
    const stub = new Stubs(target, credentials.createInsecure(), {
      'grpc.use_local_subchannel_pool': 1,
      'grpc.enable_retries': 0,
      ...options,
    });
    const client = new TestClient(stub);
    this.clients.push(client);
    return client;
  }

  /** Puts messages into a mailbox, by a service call and so without a client. */
  async fillMailbox(recipient: string, bodies: readonly string[], sender = 'bob'): Promise<void> {
    await Promise.all(bodies.map((body) => this.service.post(sender, recipient, body)));
  }

  /**
   * Returns the bodies that are unread when this user can log in next. Reads them from the service: a connection
   * would be cut where its client takes longer than a short drain time of the test allows.
   */
  async unread(username: string): Promise<string[]> {
    let session = this.#begin(username);
    await this.until(() => {
      if (session === Status.alreadyLoggedIn) session = this.#begin(username);
      return session !== Status.alreadyLoggedIn;
    });
    if (!(session instanceof Session)) throw new Error(`${username} cannot log in: ${session}`);
    const messages = await session.readUnread(session.unread);
    session.end();
    return messages.map(({ body }) => body);
  }

  /** Resolves with the first login as this user that is not refused with 11. It is cancelled again. */
  async untilFree(username: string) {
    const client = this.client();
    for (;;) {
      const login = await client.login(username, { acknowledges: true });
      if (login.statusCode === 11) continue;
      await client.outcome('Logout', { username }, login.token);
      return login;
    }
  }

  /** Tells whether this user has no session. Waits for nothing, the store included. */
  isFree(username: string): boolean {
    const session = this.#begin(username);
    if (!(session instanceof Session)) return session !== Status.alreadyLoggedIn;
    session.end();
    return true;
  }

  /** Resolves when the condition holds while another client, connected, passes the time. */
  async until(condition: () => boolean | Promise<boolean>): Promise<void> {
    const other = this.client();
    do await this.#passTime(other);
    while (!(await condition()));
    other.close();
  }

  /** Resolves with a measure that does not change any more while another client is served. */
  async untilSteady(measure: () => number | Promise<number>): Promise<number> {
    const other = this.client();
    for (let before = Number.NaN; ; ) {
      for (let i = 0; i < 50; i++) await this.#passTime(other);
      const now = await measure();
      if (now === before) return now;
      before = now;
    }
  }

  /** Begins a session to which nothing is pushed, without a connection. */
  #begin(username: string) {
    return this.service.beginSession(username, {
      push() {},
      mailboxFailed() {},
      resumedElsewhere() {},
      dismissed() {},
    });
  }

  /** One round trip. Rejects when the test is over, so that nothing waits for ever. */
  async #passTime(other: TestClient): Promise<void> {
    if (this.over) throw new Error('the test is over');
    await other.outcome('Logout', { username: 'nobody' });
  }
}

/** Starts a server; it and its clients are gone after the test. */
export async function startStage(options: StageOptions = {}): Promise<Stage> {
  const store = options.store ?? new MemoryStore();
  const service = await ChatService.open({
    store,
    limits: options.chatLimits ?? {},
    usage: options.usage ?? {},
  });
  const logged: string[] = [];
  const server = await startGrpcServer({
    service,
    host: options.host ?? '127.0.0.1',
    port: 0,
    logger: pino({ level: 'trace' }, { write: (line) => void logged.push(line) }),
    limits: options.limits ?? {},
    tls: options.tls,
    sessionsByConnection: options.sessionsByConnection ?? true,
    ...(options.budget === undefined ? {} : { budget: options.budget }),
    ...(options.discovery === undefined ? {} : { discovery: options.discovery }),
  });
  const stage = new Stage(server, service, logged);
  onTestFinished(async () => {
    stage.over = true;
    for (const client of stage.clients) client.close();
    await server.stop();
  });
  for (const username of options.users ?? []) await service.register(username);
  return stage;
}

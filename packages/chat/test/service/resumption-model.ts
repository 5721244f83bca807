import { copyFileSync, existsSync, mkdirSync } from 'node:fs';
import type { DatabaseSync } from 'node:sqlite';
import { Status } from '@tandem/core';
import fc from 'fast-check';
import { expect, onTestFinished } from 'vitest';
import {
  type Chat,
  ChatService,
  type ClientAgent,
  type LoginResult,
  SqliteStore,
} from '../../src/index.ts';
import { moveToPostgres, PostgresService } from '../../src/postgres/index.ts';
import { turn } from '../stage.ts';
import { databaseFile, newDataDirectory, openDatabase } from '../store/sqlite/data-directory.ts';

export type ResumptionStep =
  | { readonly do: 'take'; readonly messages: number }
  | {
      readonly do:
        | 'send'
        | 'settle'
        | 'turn'
        | 'acknowledge'
        | 'leave'
        | 'resume'
        | 'lose'
        | 'hang up'
        | 'renew'
        | 'stop'
        | 'kill'
        | 'break'
        | 'mend';
    };

const simple = [
  'settle',
  'turn',
  'acknowledge',
  'leave',
  'lose',
  'hang up',
  'renew',
  'stop',
] as const;

/** Any step but failures of the disk. */
export const anyStep: fc.Arbitrary<ResumptionStep> = fc.oneof(
  { weight: 8, arbitrary: fc.constant({ do: 'send' } as const) },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('take' as const),
      messages: fc.integer({ min: 1, max: 6 }),
    }),
  },
  { weight: 2, arbitrary: fc.constant({ do: 'resume' } as const) },
  { weight: 1, arbitrary: fc.constant({ do: 'kill' } as const) },
  { weight: 5, arbitrary: fc.constantFrom(...simple).map((what) => ({ do: what })) },
);

/** A connection of ann's client, and what she has of it. */
interface Connection {
  readonly agent: ClientAgent;
  /** The bodies that came, in order. */
  readonly delivered: string[];
  taken: number;
  /** True when she has asked for another session: what she has not taken by then comes again. */
  over: boolean;
}

const secret = 'correct horse';
const phc = '$argon2id$v=19$m=19456,t=2,p=1$c29tZXNhbHRzb21lc2FsdA$bm90IHJlYWxseSBhIGhhc2g';

/** Takes no time, and keeps what the check of a database finds right. */
const hasher = {
  hash: async () => phc,
  verify: async (text: string, kept: string | undefined) => text === secret && kept === phc,
  close: async () => {},
};

// Small, so that messages wait and sessions end with more than that.
const windowMessagesMax = 4;

/**
 * Bob writes to ann, who has a secret and resumes her session, while their server is stopped and killed,
 * and cannot write for a while.
 * It knows what she has taken, and what bob was told had been kept.
 */
export class ResumptionModel {
  /** The messages that came to ann though she had said that she had taken them. */
  readonly again: string[] = [];
  /** The messages that ann has taken, in order. */
  readonly taken: string[] = [];
  readonly #kept = new Set<string>();
  #directory = newDataDirectory();
  #opened: ChatService | undefined;
  /** The server that has the data since it was moved. */
  #moved: Chat | undefined;
  #connection: Connection | undefined;
  /** Empty when the server could not keep one. */
  #token = '';
  /** Another program that holds the database, so that nothing can be written. */
  #other: DatabaseSync | undefined;
  /** True once there was one in this life: what has failed fails once more when it is asked for. */
  #wasBroken = false;
  #sent = 0;
  /** The number of the server's life: what an earlier one says, nobody hears. */
  #life = 0;
  #sends: Promise<void>[] = [];

  static async open(): Promise<ResumptionModel> {
    const model = new ResumptionModel();
    await model.#start();
    expect(await model.#service.register('ann', secret)).toEqual({ status: Status.registered });
    const connection = model.#connect();
    await model.#begin(connection, await connection.agent.loginWithSecret('ann', secret));
    return model;
  }

  get #service(): ChatService {
    if (this.#opened === undefined) throw new Error('the server does not run');
    return this.#opened;
  }

  get #current(): Connection {
    if (this.#connection === undefined) throw new Error('ann has not logged in');
    return this.#connection;
  }

  /** The messages that bob was told had been kept, and that ann has not taken. */
  get missing(): string[] {
    return [...this.#kept].filter((body) => !this.taken.includes(body));
  }

  /** The messages that came to ann in this session, taken or not. */
  get delivered(): readonly string[] {
    return this.#current.delivered;
  }

  async play(step: ResumptionStep): Promise<void> {
    switch (step.do) {
      case 'send':
        return this.send();
      case 'take':
        return this.take(step.messages);
      case 'acknowledge':
        return this.acknowledge();
      case 'settle':
        return this.settle();
      case 'turn':
        return turn();
      case 'leave':
        return this.#current.agent.leave();
      case 'resume':
        return this.resume();
      case 'lose':
        return this.#lose();
      case 'hang up':
        return this.#hangUp();
      case 'renew':
        return this.renew();
      case 'stop':
        return this.#stop();
      case 'kill':
        return this.kill();
      case 'break':
        return this.break();
      case 'mend':
        return this.mend();
    }
  }

  /** Bob sends the next number; who waits for the response has to {@link settle}. */
  send(): void {
    const body = `${++this.#sent}`;
    const life = this.#life;
    const outcome = this.#service.post('bob', 'ann', body);
    const sent = Promise.resolve(outcome).then(({ status }) => {
      const isKept = status === Status.delivered || status === Status.stored;
      if (isKept && life === this.#life) this.#kept.add(body);
    });
    this.#sends.push(sent);
  }

  async settle(): Promise<void> {
    await Promise.all(this.#sends);
  }

  take(messages: number): void {
    const connection = this.#current;
    if (connection.over) return;
    const until = Math.min(connection.delivered.length, connection.taken + messages);
    for (const body of connection.delivered.slice(connection.taken, until)) {
      if (this.taken.includes(body)) this.again.push(body);
      this.taken.push(body);
    }
    connection.taken = until;
  }

  acknowledge(): void {
    const { agent, taken, over } = this.#current;
    if (!over) expect(agent.acknowledge(taken)).toBe(true);
  }

  /** Ann goes on with her session, on another connection. @param count what she says that she has taken */
  async resume(count = this.#current.taken): Promise<void> {
    this.#current.over = true;
    const connection = this.#connect();
    const { agent } = connection;
    if (this.#token === '') this.#current.agent.leave();
    const login = await (this.#token === ''
      ? agent.loginWithSecret('ann', secret)
      : agent.resume('ann', this.#token, count));
    // She tries again later, with the same token and count.
    if (login.status === Status.unknownError && this.#wasBroken) return agent.leave();
    await this.#begin(connection, login);
  }

  /** Ann gets another token for her session, if she has one. */
  async renew(): Promise<void> {
    const { agent, over } = this.#current;
    if (over) return;
    const changed = await agent.changeSecret('ann', secret, secret);
    if (changed.status === Status.secretChanged) this.#token = changed.token ?? '';
  }

  /** Another program begins to hold the database. */
  break(): void {
    if (this.#other !== undefined) return;
    this.#wasBroken = true;
    this.#other = openDatabase(this.#directory);
    this.#other.exec('BEGIN IMMEDIATE');
  }

  /** It lets it go. */
  mend(): void {
    this.#other?.close();
    this.#other = undefined;
  }

  /** The server is killed, and another one finds what it has left. */
  async kill(): Promise<void> {
    this.#life++;
    const from = databaseFile(this.#directory);
    this.#directory = newDataDirectory();
    mkdirSync(this.#directory);
    for (const suffix of ['', '-wal', '-mark']) {
      const to = databaseFile(this.#directory) + suffix;
      if (existsSync(from + suffix)) copyFileSync(from + suffix, to);
    }
    this.mend();
    const dead = this.#service;
    await this.#start();
    await dead.close();
    this.#sends = [];
  }

  async close(): Promise<void> {
    await this.#moved?.close();
    await this.#service.close();
  }

  /** The server is killed, and what it has left goes on in this database. Bob writes no more. */
  async move(url: string): Promise<void> {
    await this.kill();
    await this.#service.close();
    await moveToPostgres({ directory: this.#directory, url });
    this.#moved = await PostgresService.open({
      url,
      identity: { hasher },
      limits: { windowMessagesMax },
    });
    this.#life++;
  }

  async #stop(): Promise<void> {
    await this.#service.close();
    await this.settle();
    this.mend();
    this.#life++;
    await this.#start();
  }

  async #start(): Promise<void> {
    const store = await SqliteStore.open({ directory: this.#directory, busyTimeoutMs: 0 });
    const service = await ChatService.open({
      store,
      identity: { hasher },
      limits: { windowMessagesMax },
    });
    onTestFinished(() => service.close());
    this.#opened = service;
    this.#wasBroken = false;
  }

  #connect(): Connection {
    const delivered: string[] = [];
    const life = this.#life;
    const agent = (this.#moved ?? this.#service).connect({
      push: ({ body }) => {
        if (life === this.#life) delivered.push(body);
      },
      mailboxFailed() {},
      resumedElsewhere() {},
      dismissed() {},
    });
    return { agent, delivered, taken: 0, over: false };
  }

  async #begin(connection: Connection, login: LoginResult): Promise<void> {
    if (!('session' in login)) throw new Error(`the login was answered ${login.status}`);
    for (;;) {
      const messages = await login.session.readUnread(3);
      if (messages.length === 0) break;
      connection.delivered.push(...messages.map(({ body }) => body));
    }
    login.session.goLive();
    this.#token = login.token ?? '';
    this.#connection = connection;
  }

  /** Ann asks to go on with her session, and does not hear the response. */
  async #lose(): Promise<void> {
    if (this.#token === '') return;
    this.#current.over = true;
    const { agent } = this.#connect();
    await agent.resume('ann', this.#token, this.#current.taken);
    agent.leave();
  }

  /** She is gone before there is a response. */
  async #hangUp(): Promise<void> {
    if (this.#token === '') return;
    this.#current.over = true;
    const { agent } = this.#connect();
    void agent.resume('ann', this.#token, this.#current.taken);
    await turn();
    agent.leave();
  }
}

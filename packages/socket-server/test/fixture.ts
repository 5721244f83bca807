import { type ChatLimits, ChatService, MemoryStore, type Store } from '@tandem/chat';
import { type ChatClient, encodeFramedRequest, type Operation } from '@tandem/core';
import type { MemoryBudget, TransportServer } from '@tandem/core/server';
import { connectSocketClient } from '@tandem/socket-client';
import type { ServerTls } from '@tandem/tls/server';
import { pino } from 'pino';
import { onTestFinished, vi } from 'vitest';
import { type SocketServerLimits, startSocketServer } from '../src/index.ts';
import { RawClient } from './raw-client.ts';

interface StageOptions {
  readonly limits?: Partial<SocketServerLimits>;
  readonly chatLimits?: Partial<ChatLimits>;
  readonly store?: Store;
  /** The least that is logged; nothing unless given. */
  readonly logLevel?: string;
  /** The address to listen on; 127.0.0.1 unless given. */
  readonly host?: string;
  readonly tls?: ServerTls;
  /** The memory of the connections; a budget of the server's own unless given. */
  readonly budget?: MemoryBudget;
  /** Accounts that exist. */
  readonly users?: readonly string[];
}

/** A line of the log. */
export interface LogLine {
  readonly level: number;
  readonly msg: string;
  readonly [field: string]: unknown;
}

/** A server of a test's own, and the clients that come to it. */
export class Stage {
  readonly server: TransportServer;
  readonly service: ChatService;
  readonly clients: RawClient[] = [];
  /** The lines that the server logged. */
  readonly logged: readonly LogLine[];

  constructor(server: TransportServer, service: ChatService, logged: readonly LogLine[]) {
    this.server = server;
    this.service = service;
    this.logged = logged;
  }

  /** Resolves with the lines that say this, when there are so many. */
  async untilLogged(msg: string, count = 1): Promise<LogLine[]> {
    for (;;) {
      const lines = this.logged.filter((line) => line.msg === msg);
      if (lines.length >= count) return lines;
      await new Promise((resolve) => setImmediate(resolve));
    }
  }

  /** A client that has said nothing yet. */
  async stranger(): Promise<RawClient> {
    const client = await RawClient.connect(this.server.port);
    this.clients.push(client);
    return client;
  }

  /** A client of the framed dialect, versions exchanged. */
  async framed(): Promise<RawClient> {
    const client = await this.stranger();
    await client.ask('\x81', 1);
    return client;
  }

  /** A client of the framed dialect, logged in to a mailbox that is empty. */
  async framedAs(username: string): Promise<RawClient> {
    const client = await this.framed();
    const status = await client.ask(frame(2, username), 1);
    if (status !== '\x08') throw new Error(`${username} was not logged in`);
    return client;
  }

  /** A client of the seed dialect, logged in to a mailbox that is empty. */
  async seedAs(username: string): Promise<RawClient> {
    const client = await this.stranger();
    const status = await client.ask(`\x02${username}`, 1);
    if (status !== '\x08') throw new Error(`${username} was not logged in`);
    return client;
  }

  /** Puts messages into a mailbox, by a service call and so without a client. */
  async fillMailbox(recipient: string, bodies: readonly string[], sender = 'bob'): Promise<void> {
    await Promise.all(bodies.map((body) => this.service.post(sender, recipient, body)));
  }

  /** A client library's client. */
  async client(): Promise<ChatClient> {
    const client = await connectSocketClient({ host: '127.0.0.1', port: this.server.port });
    onTestFinished(() => client.close());
    return client;
  }

  /** Resolves with the status of the first login as this user that is not refused with 11. */
  async untilFree(username: string): Promise<number> {
    const client = await this.client();
    for (;;) {
      const { status } = await client.login(username);
      if (status !== 11) return status;
    }
  }

  /** Resolves with a measure that does not change any more while another client is served. */
  async untilSteady(measure: () => number | Promise<number>): Promise<number> {
    const other = await this.framed();
    for (let before = Number.NaN; ; ) {
      for (let i = 0; i < 50; i++) await other.ask('\x48\x00\x00', 1);
      const now = await measure();
      if (now === before) return now;
      before = now;
    }
  }

  /** Resolves when so many clients are connected. Round trips pass the time. */
  async untilConnections(count: number): Promise<void> {
    while (this.server.connectionCount !== count) {
      await new Promise((resolve) => setImmediate(resolve));
    }
  }
}

/** Starts a server; it and its raw clients are gone after the test. */
export async function startStage(options: StageOptions = {}): Promise<Stage> {
  const logged: LogLine[] = [];
  const store = options.store ?? new MemoryStore();
  const service = await ChatService.open({ store, limits: options.chatLimits ?? {} });
  const server = await startSocketServer({
    service,
    host: options.host ?? '127.0.0.1',
    port: 0,
    logger: pino(
      { level: options.logLevel ?? 'silent' },
      { write: (line) => void logged.push(JSON.parse(line)) },
    ),
    limits: options.limits ?? {},
    tls: options.tls,
    ...(options.budget === undefined ? {} : { budget: options.budget }),
  });
  const stage = new Stage(server, service, logged);
  onTestFinished(async () => {
    for (const client of stage.clients) client.socket.destroy();
    await server.stop();
  });
  for (const username of options.users ?? []) await service.register(username);
  return stage;
}

/**
 * Stops the clock by which a server finds who is silent, until the end of the test. Returns what lets time pass.
 */
export function stopClock(): (ms: number) => void {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'hrtime'] });
  onTestFinished(() => void vi.useRealTimers());
  return (ms) => void vi.advanceTimersByTime(ms);
}

/** A framed request as text, for what is too long or too often said to spell out. */
export function frame(operation: number, content: string): string {
  return encodeFramedRequest(operation as Operation, content).toString('latin1');
}

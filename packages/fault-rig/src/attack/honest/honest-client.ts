import { setTimeout as sleep } from 'node:timers/promises';
import { type ChatClient, ChatError, Status } from '@tandem/core';
import type { Transport } from '../../history/event.ts';
import type { Ending } from './delays.ts';
import { OpenLoop, until } from './open-loop.ts';
import type { HonestOrder, HonestRecord, Task } from './protocol.ts';
import { SelfSent } from './self-sent.ts';

// Short for sends, whose delay is measured; the others cost the machine more.
const intervalsMs: Readonly<Record<Task, number>> = {
  send: 10,
  search: 50,
  'long-search': 500,
  connect: 100,
};

const retryMs = 50;
const patienceDefaultMs = 10_000;
// A long response shares the bandwidth with thousands of others.
const responsePatienceDefaultMs = 30_000;

/** A client of Tandem that repeats one request at fixed moments, as a user might, and counts its outcomes. */
export class HonestClient {
  readonly #order: HonestOrder;
  readonly #transport: Transport;
  readonly #task: Task;
  readonly #sent: SelfSent;
  readonly #loop: OpenLoop;
  readonly #patienceMs: number;
  readonly #responsePatienceMs: number;
  /** The client that sends its requests; undefined while it is not connected. */
  #client: ChatClient | undefined;
  #leaving = false;

  constructor(order: HonestOrder) {
    const [transport, task] = order.kind.split(' ') as [Transport, Task];
    this.#order = order;
    this.#transport = transport;
    this.#task = task;
    this.#patienceMs = order.patienceMs ?? patienceDefaultMs;
    this.#responsePatienceMs = order.patienceMs ?? responsePatienceDefaultMs;
    this.#sent = new SelfSent(transport !== 'unary');
    this.#loop = new OpenLoop(intervalsMs[task], () => this.#perform());
  }

  /** Registers, logs in, and begins. */
  async start(): Promise<void> {
    const client = await this.#connect();
    await client.register(this.#order.username);
    await client.close();
    if (this.#task !== 'connect') await this.#reconnect();
    void this.#loop.run();
  }

  measure(): void {
    this.#loop.measure();
  }

  collect(): Promise<HonestRecord> {
    const isLong = this.#task === 'long-search';
    return this.#loop.collect(isLong ? this.#responsePatienceMs : this.#patienceMs);
  }

  /** Stops its requests, waits for those under way, and resolves with the faults that it found. */
  async leave(): Promise<readonly string[]> {
    await this.#loop.stop(this.#patienceMs);
    await until(() => this.#sent.complete, this.#patienceMs);
    this.#leaving = true;
    // Its response confirms the acknowledgements.
    if (this.#task === 'send') await this.#client?.logout().catch(() => {});
    await this.#client?.close();
    return this.#sent.troubles;
  }

  async #perform(): Promise<Ending> {
    try {
      return await this.#ask();
    } catch (error) {
      if (!(error instanceof ChatError)) throw error;
      return { kind: 'error', code: error.code };
    }
  }

  #ask(): Promise<Ending> {
    if (this.#task === 'connect') return this.#comeAndGo();
    const client = this.#client;
    if (client === undefined) throw new ChatError('connection-lost', 'not connected again yet');
    return this.#task === 'send' ? this.#send(client) : this.#search(client);
  }

  async #send(client: ChatClient): Promise<Ending> {
    const number = this.#sent.next();
    const { status } = await client.send(this.#order.username, `${number}`);
    if (status !== Status.delivered && status !== Status.stored) return { kind: 'refused', status };
    this.#sent.keep(number);
    return { kind: 'served' };
  }

  async #search(client: ChatClient): Promise<Ending> {
    const { username, names } = this.#order;
    const long = this.#task === 'long-search';
    const outcome = await client.search(long ? '*' : username);
    if (!('usernames' in outcome)) return { kind: 'refused', status: outcome.status };
    const expected = long ? names : 1;
    if (outcome.usernames.length >= expected) return { kind: 'served' };
    return { kind: 'error', code: `found ${outcome.usernames.length} of ${expected}` };
  }

  async #comeAndGo(): Promise<Ending> {
    const client = await this.#connect();
    try {
      return await this.#search(client);
    } finally {
      await client.close();
    }
  }

  /** Connects, and loads no more than the client of its transport. */
  async #connect(): Promise<ChatClient> {
    const { host, port, fingerprint } = this.#order;
    const tls = fingerprint === undefined ? undefined : { fingerprint };
    const place = {
      host,
      port,
      tls,
      connectTimeoutMs: this.#patienceMs,
      responseTimeoutMs: this.#responsePatienceMs,
    };
    if (this.#transport === 'framed') {
      const { connectSocketClient } = await import('@tandem/socket-client');
      return connectSocketClient(place);
    }
    const { connectGrpcClient } = await import('@tandem/grpc-client');
    return connectGrpcClient({ ...place, mode: this.#transport });
  }

  /** Connects and logs in, repeatedly if needed, since a session whose connection broke may not be over yet. */
  async #reconnect(): Promise<void> {
    while (!this.#leaving) {
      const client = await this.#connect().catch(() => undefined);
      if (client !== undefined && (await this.#logIn(client))) {
        this.#client = client;
        void client.closed.then(() => this.#lost());
        return;
      }
      await client?.close();
      await sleep(retryMs);
    }
  }

  async #logIn(client: ChatClient): Promise<boolean> {
    if (this.#task === 'search') return true;
    void this.#consume(client);
    const outcome = await client.login(this.#order.username).catch(() => undefined);
    return outcome?.status === Status.loggedIn || outcome?.status === Status.loggedInUnread;
  }

  async #consume(client: ChatClient): Promise<void> {
    for await (const { body } of client.messages) this.#sent.took(body);
  }

  #lost(): void {
    this.#client = undefined;
    if (this.#leaving) return;
    this.#sent.reconnected();
    void this.#reconnect();
  }
}

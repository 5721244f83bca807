import { setTimeout as delay, setImmediate as turn } from 'node:timers/promises';
import { Status } from '@tandem/core';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { PostgresService } from '../../src/postgres/index.ts';
import { Bridge } from './bridge.ts';
import { hasPostgres, TestCluster } from './cluster.ts';
import { quickHasher } from './nodes.ts';

const faultsMin = 12;
const secret = 'correct horse battery';
const times = { renewMs: 50, liveMs: 1_500, lookMs: 100 };

/** Returns numbers below a bound, the same for the same seed. */
function random(seed: number): (bound: number) => number {
  let state = seed;
  return (bound) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * bound);
  };
}

/** The nodes of a test, of which each reaches the database over a bridge of its own. */
class Nodes {
  readonly cluster: TestCluster;
  readonly url: string;
  readonly pick: (bound: number) => number;
  readonly bridges: readonly Bridge[];
  readonly services: PostgresService[] = [];

  private constructor(cluster: TestCluster, url: string, seed: number, bridges: readonly Bridge[]) {
    this.cluster = cluster;
    this.url = url;
    this.pick = random(seed);
    this.bridges = bridges;
  }

  static async open(cluster: TestCluster, count: number, seed: number): Promise<Nodes> {
    const url = await cluster.emptyDatabase();
    const bridges = await Promise.all(Array.from({ length: count }, () => Bridge.open(cluster)));
    const nodes = new Nodes(cluster, url, seed, bridges);
    for (let i = 0; i < count; i++) nodes.services.push(await nodes.openOne(i));
    onTestFinished(async () => {
      await Promise.all(nodes.services.map((service) => service.close()));
    });
    return nodes;
  }

  openOne(i: number): Promise<PostgresService> {
    const url = (this.bridges[i] as Bridge).urlOf(this.url);
    return PostgresService.open({ url, times, identity: { hasher: quickHasher } });
  }

  any(): PostgresService {
    return this.services[this.pick(this.services.length)] as PostgresService;
  }

  /** Hurts a node, or the database, and heals it again. */
  async hurt(): Promise<void> {
    const at = this.pick(this.services.length);
    const bridge = this.bridges[at] as Bridge;
    switch (this.pick(6)) {
      case 0:
        await this.cluster.halt('immediate');
        await this.cluster.begin();
        break;
      case 1:
        await this.ask(`SELECT tandem.bury(${this.services[at]?.node ?? 0}, '')`);
        break;
      case 2:
        bridge.silence('all');
        await delay(this.pick(2_000));
        bridge.heal();
        break;
      case 3:
        bridge.silence('responses');
        await delay(this.pick(500));
        bridge.heal();
        break;
      case 4: {
        const kind = ['writer', 'reader', 'searcher', 'control'][this.pick(4)];
        await this.ask(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity
          WHERE application_name LIKE 'tandem ${kind}%' ORDER BY random() LIMIT 1`);
        break;
      }
      default:
        // As an upgrade does it.
        await this.services[at]?.close();
        this.services[at] = await this.openOne(at);
    }
    await delay(this.pick(300));
  }

  async ask(sql: string): Promise<void> {
    await this.cluster.query(this.url, sql).catch(() => {});
  }
}

/** Sends numbered messages as long as it may, and knows what it was told of each. */
class Sender {
  readonly confirmed: string[] = [];
  readonly #nodes: Nodes;
  readonly #name: string;
  #number = 0;

  constructor(nodes: Nodes, name: string) {
    this.#nodes = nodes;
    this.#name = name;
  }

  async run(recipients: readonly string[], over: () => boolean): Promise<void> {
    while (!over()) {
      let ended = false;
      const end = () => {
        ended = true;
      };
      const agent = this.#nodes
        .any()
        .connect({ push() {}, mailboxFailed: end, resumedElsewhere: end, dismissed: end });
      await agent.register(this.#name);
      const login = await agent.login(this.#name);
      if (!('session' in login)) {
        agent.leave();
        await delay(20);
        continue;
      }
      login.session.goLive();
      while (!ended && !over()) {
        const statuses = await Promise.all(recipients.map((name) => this.#send(agent, name)));
        // Its node was closed, which tells no receiver.
        if (statuses.includes(Status.notLoggedIn)) break;
        // What is refused at once would let nothing else run.
        await turn();
      }
      agent.leave();
    }
  }

  async #send(agent: ReturnType<PostgresService['connect']>, recipient: string): Promise<Status> {
    const body = `${this.#name} ${++this.#number}`;
    const { status } = await agent.send(this.#name, recipient, body);
    if (status === Status.delivered || status === Status.stored) {
      this.confirmed.push(`${recipient} ${body}`);
    }
    return status;
  }
}

/** Takes messages, in session after session of which each resumes the one before. */
class Recipient {
  readonly taken: string[] = [];
  readonly name: string;
  readonly #nodes: Nodes;
  #resumption: { token: string; count: number } | undefined;

  constructor(nodes: Nodes, name: string) {
    this.#nodes = nodes;
    this.name = name;
  }

  async run(over: () => boolean): Promise<void> {
    while (!over()) {
      let ended: () => void = () => {};
      const end = new Promise<void>((resolve) => {
        ended = resolve;
      });
      let count = 0;
      const take = (body: string) => {
        this.taken.push(`${this.name} ${body}`);
        count++;
        if (this.#resumption !== undefined) this.#resumption.count = count;
      };
      const agent = this.#nodes.any().connect({
        push: ({ body }) => {
          take(body);
          agent.acknowledge(count);
        },
        mailboxFailed: ended,
        resumedElsewhere: ended,
        dismissed: ended,
      });
      const resumption = this.#resumption;
      const login = await (resumption === undefined
        ? agent.loginWithSecret(this.name, secret)
        : agent.resume(this.name, resumption.token, resumption.count));
      if (!('session' in login) || login.token === undefined) {
        agent.leave();
        await delay(20);
        continue;
      }
      const unread: string[] = [];
      try {
        for (;;) {
          const messages = await login.session.readUnread(100);
          if (messages.length === 0) break;
          unread.push(...messages.map(({ body }) => body));
        }
      } catch {
        // The response was cut short: neither it nor its token has come.
        agent.leave();
        continue;
      }
      if (login.session.ended && unread.length < login.session.unread) {
        agent.leave();
        continue;
      }
      this.#resumption = { token: login.token, count: 0 };
      for (const body of unread) take(body);
      agent.acknowledge(count);
      login.session.goLive();
      // Now and then it goes on at another node by itself.
      await Promise.race([end, delay(this.#nodes.pick(600))]);
      agent.leave();
    }
  }
}

describe.skipIf(!hasPostgres)('whatever is killed, buried, silent or started again', () => {
  let cluster: TestCluster;

  beforeAll(async () => {
    cluster = await TestCluster.start();
  });
  afterAll(() => cluster?.end());

  it.each([2])('everything that was confirmed comes once, and in order (seed %i)', async (seed) => {
    const nodes = await Nodes.open(cluster, 3, seed);
    const recipients = ['bob', 'eve'].map((name) => new Recipient(nodes, name));
    const names = recipients.map(({ name }) => name);
    for (const name of names) await nodes.any().register(name, secret);
    const senders = ['ann', 'joe', 'kim'].map((name) => new Sender(nodes, name));
    const confirmed = () => senders.flatMap((sender) => sender.confirmed);
    let sending = true;
    let receiving = true;
    const sent = senders.map((sender) => sender.run(names, () => !sending));
    const received = recipients.map((recipient) => recipient.run(() => !receiving));
    try {
      // A slow machine needs more of them for as many messages.
      for (let fault = 1; fault <= faultsMin || confirmed().length <= 100; fault++) {
        await nodes.hurt();
      }
    } catch (error) {
      receiving = false;
      throw error;
    } finally {
      sending = false;
    }
    await Promise.all(sent);
    const all = () => recipients.flatMap(({ taken }) => taken);
    const missing = () => {
      const there = new Set(all());
      return confirmed().filter((message) => !there.has(message));
    };
    await expect
      .poll(missing)
      .toEqual([])
      .finally(() => {
        receiving = false;
      });
    await Promise.all(received);
    expect(all()).toHaveLength(new Set(all()).size);
    for (const { taken } of recipients) {
      for (const name of ['ann', 'joe', 'kim']) {
        const numbers = taken.flatMap((text) => {
          const [, sender, number] = text.split(' ');
          return sender === name ? [Number(number)] : [];
        });
        expect(numbers).toEqual(numbers.toSorted((a, b) => a - b));
      }
    }
  });
});

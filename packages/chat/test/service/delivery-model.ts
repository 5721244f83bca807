import { type Message, messageBytes, Status } from '@tandem/core';
import { expect } from 'vitest';
import type { ClientAgent, Session } from '../../src/index.ts';
import { Stage, turn } from '../stage.ts';

export type Command =
  | { readonly do: 'send'; readonly to: number; readonly padding: number }
  | { readonly do: 'login' | 'end' | 'logout'; readonly who: number }
  | { readonly do: 'acknowledge'; readonly who: number; readonly share: number }
  | { readonly do: 'commit' | 'read'; readonly count: number }
  | { readonly do: 'fail'; readonly count: number; readonly from: number }
  | { readonly do: 'turn' };

const limits = { windowMessagesMax: 4, windowBytesMax: 60 };

const names = ['ann', 'bob'] as const;

/** A message, numbered in the order in which all were sent; undefined while its send is not answered. */
interface Sent {
  readonly to: number;
  status: Status | undefined;
}

/** One session, as its client saw it. */
interface Seen {
  readonly agent: ClientAgent;
  /** The numbers of the messages that came, and their bytes. */
  readonly received: number[];
  readonly bytes: number[];
  /** The messages that must not come: their acknowledgement was confirmed before this session. */
  readonly confirmedBefore: ReadonlySet<number>;
  acknowledged: number;
  /** True when the login has its outcome, and pushes may come. */
  live: boolean;
}

/** Plays commands to a service over a slow store, and checks all that a session promises as it goes. */
export class DeliveryModel {
  readonly #stage: Stage;
  readonly #sender: ClientAgent;
  readonly #sent: Sent[] = [];
  readonly #current: (Seen | undefined)[] = [undefined, undefined];
  readonly #acknowledged = new Set<number>();
  readonly #confirmed = new Set<number>();
  readonly #running: Promise<unknown>[] = [];
  #failed = false;

  private constructor(stage: Stage, sender: ClientAgent) {
    this.#stage = stage;
    this.#sender = sender;
  }

  /** @param takes whether the store forgets what is acknowledged before it is durable */
  static async open(takes: boolean): Promise<DeliveryModel> {
    const stage = await Stage.open(limits);
    stage.store.takes = takes;
    await stage.register(...names);
    const sender = await stage.newUser('s');
    stage.store.holdsWrites = true;
    stage.store.holdsReads = true;
    return new DeliveryModel(stage, sender);
  }

  async play(command: Command): Promise<void> {
    const { store } = this.#stage;
    switch (command.do) {
      case 'send':
        return this.#send(command.to, command.padding);
      case 'login':
        return this.#login(command.who);
      case 'acknowledge':
        return this.#acknowledge(command.who, command.share);
      case 'end':
      case 'logout':
        return this.#end(command.who, command.do === 'logout');
      case 'commit':
        return store.commit(command.count);
      case 'read':
        store.readsEarly = !store.readsEarly;
        return store.answerReads(command.count);
      case 'fail':
        this.#failed ||= store.held.length > command.from;
        return store.fail(command.count, command.from);
      case 'turn':
        return turn();
    }
  }

  /** The store goes on: whoever has a session gets everything, and memory and store agree. */
  async finish(): Promise<void> {
    const { store } = this.#stage;
    for (let before = -1; before !== this.#receivedCount || store.readsHeld > 0; ) {
      before = this.#receivedCount;
      this.#acknowledge(0, 1);
      this.#acknowledge(1, 1);
      store.release();
      await turn();
      await turn();
    }
    await Promise.all(this.#running);
    for (const [who, seen] of this.#current.entries()) {
      if (seen !== undefined) expect(this.#missing(who)).toEqual([]);
    }
    for (const who of names.keys()) this.#end(who, false);
    await this.#stage.expectAgreement();
    await this.#expectTheRestAtLogin();
  }

  get #receivedCount(): number {
    return this.#current.reduce((sum, seen) => sum + (seen?.received.length ?? 0), 0);
  }

  #send(to: number, padding: number): void {
    const sent: Sent = { to, status: undefined };
    const body = `${this.#sent.push(sent) - 1}${'.'.repeat(padding)}`;
    const send = this.#sender.send('s', names[to] as string, body);
    this.#running.push(
      Promise.resolve(send).then(({ status }) => {
        expect(this.#failed ? [24, 25, 27] : [24, 25]).toContain(status);
        sent.status = status;
      }),
    );
  }

  #login(who: number): void {
    if (this.#current[who] !== undefined) return;
    const agent = this.#stage.service.connect({
      push: (message) => {
        expect(seen.live).toBe(true);
        this.#receive(who, seen, message);
        this.#expectWithinWindow(seen);
      },
      mailboxFailed: (error) => expect(error).toBeUndefined(),
      resumedElsewhere: () => expect.fail('nobody resumes'),
      dismissed: () => expect.fail('nobody is dismissed'),
    });
    const seen: Seen = {
      agent,
      received: [],
      bytes: [],
      confirmedBefore: new Set(this.#confirmed),
      acknowledged: 0,
      live: false,
    };
    this.#current[who] = seen;
    const waiting = this.#waiting(who).length;
    this.#running.push(
      agent.login(names[who] as string).then(async (result) => {
        if (!('session' in result)) throw new Error(`the login was answered ${result.status}`);
        if (!this.#failed) expect(result.session.unread).toBe(waiting);
        await this.#readUnread(who, seen, result.session);
        seen.live = !result.session.ended;
        result.session.goLive();
      }),
    );
  }

  async #readUnread(who: number, seen: Seen, session: Session): Promise<void> {
    for (;;) {
      const messages = await session.readUnread(3);
      if (messages.length === 0 || session.ended) return;
      for (const message of messages) this.#receive(who, seen, message);
    }
  }

  #receive(who: number, seen: Seen, message: Message): void {
    const number = Number.parseInt(message.body, 10);
    expect(this.#sent[number]?.to).toBe(who);
    expect(seen.confirmedBefore.has(number)).toBe(false);
    expect(number).toBeGreaterThan(seen.received.at(-1) ?? -1);
    seen.received.push(number);
    seen.bytes.push(messageBytes(message));
  }

  #expectWithinWindow(seen: Seen): void {
    const bytes = seen.bytes.slice(seen.acknowledged);
    expect(bytes.length).toBeLessThanOrEqual(limits.windowMessagesMax);
    expect(bytes.reduce((sum, one) => sum + one, 0)).toBeLessThanOrEqual(limits.windowBytesMax);
  }

  #acknowledge(who: number, share: number): void {
    const seen = this.#current[who];
    if (seen === undefined) return;
    const count = Math.round(share * seen.received.length);
    // Before the call: it may push.
    seen.acknowledged = Math.max(seen.acknowledged, count);
    const numbers = seen.received.slice(0, count);
    for (const number of numbers) this.#acknowledged.add(number);
    expect(seen.agent.acknowledge(count)).toBe(true);
    if (seen.live) expect(seen.agent.acknowledge(seen.received.length + 1)).toBe(false);
    const confirm = async () => this.#confirm((await seen.agent.search('x')).status, numbers);
    this.#running.push(confirm());
  }

  #confirm(status: Status, numbers: readonly number[]): void {
    expect(this.#failed ? [17, 127] : [17]).toContain(status);
    if (status === Status.notFound) for (const number of numbers) this.#confirmed.add(number);
  }

  #end(who: number, byLogout: boolean): void {
    const seen = this.#current[who];
    this.#current[who] = undefined;
    if (seen === undefined) return;
    if (byLogout) this.#running.push(this.#logout(seen, names[who] as string));
    else seen.agent.end();
  }

  /** Whatever it is answered, the session is over; after 127 a later response still confirms. */
  async #logout({ agent, received, acknowledged }: Seen, name: string): Promise<void> {
    const numbers = received.slice(0, acknowledged);
    const answered = agent.logout(name);
    expect(agent.username).toBeUndefined();
    const { status } = await answered;
    expect(this.#failed ? [40, 127] : [40]).toContain(status);
    if (status === Status.loggedOut) for (const number of numbers) this.#confirmed.add(number);
    else this.#confirm((await agent.search('x')).status, numbers);
  }

  /** Returns the messages to this user that are not known to have failed, and were never acknowledged. */
  #waiting(who: number): number[] {
    return this.#sent.flatMap(({ to, status }, number) =>
      to === who && status !== Status.sendFailed && !this.#acknowledged.has(number) ? [number] : [],
    );
  }

  /** Returns the messages that the session of this user should have got, and did not. */
  #missing(who: number): number[] {
    return this.#waiting(who).filter((number) => !this.#current[who]?.received.includes(number));
  }

  async #expectTheRestAtLogin(): Promise<void> {
    for (const who of names.keys()) {
      this.#login(who);
      await Promise.all(this.#running);
      expect(this.#missing(who)).toEqual([]);
    }
  }
}

import { Operation } from '@tandem/core';
import { inFlightMemoryBytes, MemoryBudget, usernamesMemoryBytes } from '@tandem/core/server';
import { beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { FakeWire } from '../../test/conversation/fake-wire.ts';
import { Stage, turn } from '../../test/stage.ts';
import {
  ChatService,
  ClientAgent,
  ClientGone,
  MemoryStore,
  type Request,
  textOfNames,
} from '../index.ts';

const register = (username: string): Request => ({ operation: Operation.register, username });
const login = (username: string): Request => ({ operation: Operation.login, username });
const logout = (username: string): Request => ({ operation: Operation.logout, username });
const search = (query: string): Request => ({ operation: Operation.search, query });
const acknowledge = (count: number | undefined): Request => {
  return { operation: Operation.acknowledge, count };
};
const send = (sender: string, recipient: string, body: string): Request => ({
  operation: Operation.send,
  sender,
  recipient,
  body,
});
const unknown: Request = { operation: 'unknown' };
const broken: Request = { operation: 'broken', reason: 'nonsense' };

/** One message more than a login answers without waiting for room. */
const unread = Array.from({ length: 65 }, (_, i) => `message ${i}`);
const answerWithUnread = ['9', ...unread].join(' ');

async function post(bodies: readonly string[]): Promise<void> {
  await Promise.all(bodies.map((body) => stage.service.post('bob', 'alice', body)));
}

let stage: Stage;
let wire: FakeWire;

// Turns, and the share of searches in them, end after a time. It stands still here, however slow the machine is.
beforeEach(async () => {
  const clock = vi.spyOn(performance, 'now').mockReturnValue(performance.now());
  onTestFinished(() => clock.mockRestore());
  stage = await Stage.open();
  await stage.register('alice', 'bob');
  wire = new FakeWire(stage.service);
});

describe('a conversation', () => {
  const resting = () => wire.conversation.resting;

  it('rests until a response is owed, and again when it is written', async () => {
    wire.hear(search('alice'));
    expect(resting()).toBe(true);
    stage.store.holdsWrites = true;
    wire.hear(register('zoe'));
    expect(resting()).toBe(false);
    stage.store.release();
    await turn();
    expect([wire.written, resting()]).toEqual([['alice', '1'], true]);
  });

  it('does not rest while a long response, or a turn, is awaited', async () => {
    await post(unread);
    wire.hold();
    wire.hear(login('alice'));
    expect(resting()).toBe(false);
    wire.release();
    await turn();
    expect(resting()).toBe(true);
    wire.hear(...Array.from({ length: 100 }, () => search('alice')));
    expect([wire.requests.length > 0, resting()]).toEqual([true, false]);
  });

  it('does not rest while nothing is read, nor at its end', () => {
    wire.blocked = true;
    wire.hear(search('alice'));
    expect(resting()).toBe(false);
    wire.blocked = false;
    wire.conversation.work();
    expect([wire.written, resting()]).toEqual([['alice'], true]);
    wire.conversation.endInput();
    expect(resting()).toBe(false);
  });
});

describe('the order of a conversation', () => {
  it('is that of the requests, whatever their responses wait for', async () => {
    stage.store.holdsWrites = true;
    wire.hear(register('zoe'), unknown, search('zo*'), register('zoe'));
    await turn();
    expect(wire.written).toEqual([]);
    stage.store.release();
    await turn();
    expect(wire.written).toEqual(['1', '126', 'zoe', '2']);
  });

  it('takes nothing while a long response is under way', async () => {
    await post(unread);
    wire.hold();
    wire.hear(login('alice'), send('alice', 'bob', 'hi'));
    await turn();
    expect([wire.written, wire.requests.length]).toEqual([[], 1]);
    expect(wire.conversation.busy).toBe(true);
    wire.release();
    await turn();
    expect(wire.written).toEqual([answerWithUnread, '25']);
    expect(wire.conversation.busy).toBe(false);
  });

  it('answers a search at once when it has to wait for nothing', () => {
    wire.hear(search('a*'), search('zoe'), search('!'));
    expect(wire.written).toEqual(['alice', '17', '122']);
  });

  it('writes a long list at length, and lets nothing overtake it', async () => {
    const names = Array.from({ length: 65 }, (_, i) => `user${100 + i}`);
    await stage.register(...names);
    wire.hold();
    wire.hear(search('user*'), search('alice'));
    await turn();
    expect([wire.written, wire.requests.length]).toEqual([[], 1]);
    wire.release();
    await turn();
    expect(wire.written).toEqual([names.join('|'), 'alice']);
  });

  it('pushes nothing before the login is answered, and what came meanwhile after it', async () => {
    await post(unread);
    wire.hold();
    wire.hear(login('alice'));
    await turn();
    await stage.service.post('bob', 'alice', 'hi');
    expect(wire.written).toEqual([]);
    wire.release();
    await turn();
    expect(wire.written).toEqual([answerWithUnread, 'bob|hi']);
  });

  it('leaves out the responses that the wire does not have', async () => {
    wire.silentAbout.add(126);
    wire.hear(login('alice'), unknown, send('alice', 'alice', 'hi'), send('alice', 'bob', 'hi'));
    await turn();
    expect(wire.written).toEqual(['8', 'alice|hi', '25']);
  });
});

describe('a long response', () => {
  const long = Array.from({ length: 1_000 }, (_, i) => `${i}`.padEnd(262, 'x'));
  const statuses = () => wire.written.map((page) => page.split(' ')[0]);

  it('to a login is written a page at a time, when there is room for the next', async () => {
    await post(long);
    wire.hold();
    wire.hear(login('alice'));
    for (let pages = 0; pages <= 5; pages++) {
      await turn();
      expect(wire.written).toHaveLength(pages);
      wire.drainOnce();
    }
    expect(statuses()).toEqual(['12', '12', '12', '12', '9']);
    expect(wire.written.flatMap((page) => page.split(' ').slice(1))).toEqual(long);
  });

  it('to a login has its last page also when messages of the mailbox were lost', async () => {
    await post(long);
    wire.hold();
    wire.hear(login('alice'));
    await turn();
    wire.drainOnce();
    await turn();
    wire.conversation.agent.end();
    wire.release();
    await turn();
    // The first message of the second page was read before.
    expect(statuses()).toEqual(['12', '9']);
  });

  it('to a login is paid for until its session ends, however that does', async () => {
    const budget = new MemoryBudget(2 ** 26);
    const paying = new FakeWire(stage.service, budget.open('a'));
    await post(unread);
    paying.hear(login('alice'));
    await turn();
    expect(budget.bytes).toBe(unread.length * inFlightMemoryBytes);
    paying.hear(logout('alice'));
    await turn();
    expect(budget.bytes).toBe(0);
    paying.hear(login('alice'));
    paying.conversation.end();
    for (let turns = 0; turns < 3; turns++) await turn();
    expect(budget.bytes).toBe(0);
  });

  it('to a search is written a page at a time, when there is room for the next', async () => {
    const names = Array.from({ length: 1_600 }, (_, i) => `${10_000 + i}`.padEnd(45, 'n'));
    await Promise.all(names.map((name) => stage.service.register(name)));
    wire.hold();
    wire.hear(search('1*'));
    for (let pages = 0; pages <= 2; pages++) {
      for (let turns = 0; turns < 4; turns++) await turn();
      expect(wire.written).toHaveLength(pages);
      wire.drainOnce();
    }
    expect(wire.written.join('|')).toBe(names.join('|'));
  });

  it('shares each turn of the event loop with those of all clients', async () => {
    await stage.register(...Array.from({ length: 65 }, (_, i) => `user${100 + i}`));
    await turn();
    const wires = Array.from({ length: 40 }, () => new FakeWire(stage.service));
    const served = () => wires.filter(({ written }) => written.length > 0).length;
    for (const each of wires) each.hear(search('user*'));
    // Each response is one page, of which a turn has time for 15 or 16.
    for (let before = 0; before < wires.length; ) {
      for (let i = 0; i < 20; i++) await undefined;
      expect(served() - before).toBeLessThanOrEqual(16);
      expect(served()).toBeGreaterThan(before);
      before = served();
      await turn();
    }
  });

  it('is not written to a client that goes while it waits for its turn', async () => {
    await stage.register(...Array.from({ length: 65 }, (_, i) => `user${100 + i}`));
    wire.hold();
    wire.hear(search('user*'));
    const { scheduler } = wire.conversation.agent;
    scheduler.charge(10_000);
    // Only while it waits for nothing but a turn.
    expect(scheduler.listsUnwritten).toBe(0);
    wire.release();
    for (let i = 0; i < 20; i++) await undefined;
    expect(scheduler.listsUnwritten).toBe(1);
    wire.conversation.end();
    await turn();
    await turn();
    expect([wire.written, wire.failures]).toEqual([[], []]);
    expect(scheduler.listsUnwritten).toBe(0);
  });

  it('pays for its memory while it is made, and a search without room for it is answered 123', async () => {
    await stage.register(...Array.from({ length: 65 }, (_, i) => `user${100 + i}`));
    const bytes = usernamesMemoryBytes({ bytes: 65 * 'user100'.length, length: 65 });
    const account = new MemoryBudget(8 * bytes).open('192.0.2.7');
    wire = new FakeWire(stage.service, account);
    wire.hold();
    wire.hear(search('user*'));
    await turn();
    expect(account.bytes).toBe(bytes);
    wire.release();
    await turn();
    expect([account.bytes, wire.written.length]).toEqual([0, 1]);
    account.take(1);
    wire.hear(search('user*'));
    await turn();
    expect(wire.written.at(-1)).toBe('123');
  });
});

describe('the share of a turn that a conversation has', () => {
  it('lasts for a modest user when strangers have used the turn up, until the session ends', async () => {
    const stranger = new FakeWire(stage.service);
    const { scheduler } = wire.conversation.agent;
    wire.hear(login('alice'));
    await turn();
    const answersOf = async (...request: readonly Request[]) => {
      const before = wire.written.length;
      scheduler.charge(10_000);
      wire.hear(...request);
      stranger.hear(search('zoe'));
      const outcomes = [wire.written.slice(before), stranger.written.splice(0)];
      await turn();
      return [...outcomes, stranger.written.splice(0)];
    };
    expect(await answersOf(search('bob'))).toEqual([['bob'], [], ['17']]);
    wire.hear(logout('alice'));
    await turn();
    expect(await answersOf(search('bob'))).toEqual([[], [], ['17']]);
  });
});

describe('the back-pressure of a conversation', () => {
  it('takes nothing while the wire is blocked, and says once that it does not want to read', async () => {
    wire.blocked = true;
    wire.hear(unknown);
    wire.hear(unknown);
    await turn();
    expect([wire.written, wire.requests.length, wire.reads]).toEqual([[], 2, [false]]);
    wire.blocked = false;
    wire.conversation.work();
    await turn();
    expect([wire.written, wire.reads]).toEqual([
      ['126', '126'],
      [false, true],
    ]);
  });

  it('reads no further while 1,024 responses are owed, and reads on when one is written', async () => {
    stage.store.holdsWrites = true;
    wire.hear(...Array.from({ length: 1_100 }, (_, i) => register(`user${i}`)));
    for (let turns = 0; turns < 40; turns++) await turn();
    expect([wire.requests.length, wire.reads.at(-1)]).toEqual([1_100 - 1_024, false]);
    stage.store.commit(1);
    await turn();
    expect(wire.written).toHaveLength(1);
    expect(wire.requests).toHaveLength(1_100 - 1_025);
    stage.store.release();
    for (let turns = 0; turns < 40; turns++) await turn();
    expect([wire.written.length, wire.reads.at(-1)]).toEqual([1_100, true]);
  });

  it('takes as many requests as the service lets it, and others when there are fewer', async () => {
    let owedMax = 3;
    const mayOwe = vi.spyOn(ClientAgent.prototype, 'mayOwe');
    mayOwe.mockImplementation((owed) => owed < owedMax);
    onTestFinished(() => mayOwe.mockRestore());
    stage.store.holdsWrites = true;
    wire.hear(...Array.from({ length: 10 }, (_, i) => register(`user${i}`)));
    await turn();
    expect([wire.requests.length, wire.reads.at(-1)]).toEqual([7, false]);
    stage.store.commit(1);
    await turn();
    expect([wire.requests.length, wire.written.length]).toEqual([6, 1]);
    owedMax = 100;
    stage.store.commit(1);
    await turn();
    expect([wire.requests.length, wire.written.length]).toEqual([0, 2]);
    expect(wire.reads.at(-1)).toBe(true);
  });

  it('serves others after 32 requests, and goes on by itself', async () => {
    const other = new FakeWire(stage.service);
    wire.hear(...Array<Request>(75).fill(unknown));
    expect(wire.requests).toHaveLength(75 - 32);
    other.hear(unknown);
    expect(other.requests).toEqual([]);
    for (let turns = 0; turns < 5; turns++) await turn();
    expect(wire.written).toHaveLength(75);
    expect(wire.reads.at(-1)).toBe(true);
  });
});

describe('the end of a conversation', () => {
  it('is a goodbye once everything that was asked is answered', async () => {
    stage.store.holdsWrites = true;
    wire.hear(register('zoe'), search('a*'));
    wire.conversation.endInput();
    await turn();
    expect(wire.written).toEqual([]);
    stage.store.release();
    await turn();
    expect(wire.written).toEqual(['1', 'alice', 'goodbye']);
  });

  it('is a goodbye at once when nothing was asked, and only one', async () => {
    wire.conversation.endInput();
    wire.conversation.endInput();
    wire.conversation.work();
    wire.conversation.stop();
    await turn();
    expect(wire.written).toEqual(['goodbye']);
  });

  it('comes after more requests than one turn takes', async () => {
    wire.hear(...Array<Request>(75).fill(unknown));
    wire.conversation.endInput();
    for (let turns = 0; turns < 4; turns++) await turn();
    expect(wire.written).toHaveLength(76);
    expect(wire.written.at(-1)).toBe('goodbye');
  });

  it('waits for the wire to have room', async () => {
    wire.blocked = true;
    wire.hear(unknown);
    wire.conversation.endInput();
    await turn();
    expect(wire.written).toEqual([]);
    wire.blocked = false;
    wire.conversation.work();
    await turn();
    expect(wire.written).toEqual(['126', 'goodbye']);
  });

  it('answers what was read when it is stopped', async () => {
    await post(unread);
    wire.hold();
    wire.hear(login('alice'), send('alice', 'bob', 'hi'));
    wire.conversation.stop();
    await turn();
    expect(wire.written).toEqual([]);
    wire.release();
    await turn();
    expect(wire.written).toEqual([answerWithUnread, '25', 'stopping']);
  });

  it('does not read on when it is stopped', async () => {
    stage.store.holdsWrites = true;
    wire.hear(register('zoe'));
    wire.conversation.stop();
    expect(wire.reads).toEqual([false]);
    stage.store.release();
    await turn();
    expect(wire.reads).toEqual([false]);
  });

  it('says nothing to a wire that has ended', async () => {
    stage.store.holdsWrites = true;
    wire.hear(register('zoe'));
    wire.conversation.endInput();
    wire.conversation.end();
    stage.store.release();
    await turn();
    expect(wire.written).not.toContain('goodbye');
    expect(wire.reads).toEqual([false]);
  });

  it('tells the wire when a long response cannot be completed', async () => {
    await post(unread);
    wire.hold();
    wire.hear(login('alice'));
    await turn();
    wire.break(new Error('the disk is gone'));
    wire.conversation.end();
    await turn();
    expect(wire.failures).toEqual([new Error('the disk is gone')]);
    expect(wire.written).toEqual([]);
  });

  it('takes a client that goes during a long response for no failure', async () => {
    await post(unread);
    wire.hold();
    wire.hear(login('alice'));
    await turn();
    wire.break(new ClientGone());
    await turn();
    expect(wire.failures).toEqual([]);
  });
});

describe('a broken conversation', () => {
  it('ends with 126 after the responses to what came before, and takes nothing after', async () => {
    stage.store.holdsWrites = true;
    wire.hear(register('zoe'), broken, register('late'));
    await turn();
    expect(wire.written).toEqual([]);
    stage.store.release();
    await turn();
    expect(wire.written).toEqual(['1', '126', 'broken']);
    expect(wire.requests).toEqual([register('late')]);
  });

  it('stays broken when its input ends or the server stops', async () => {
    stage.store.holdsWrites = true;
    wire.hear(register('zoe'), broken);
    wire.conversation.endInput();
    wire.conversation.stop();
    stage.store.release();
    await turn();
    expect(wire.written).toEqual(['1', '126', 'broken']);
  });

  for (const count of [1, -1, 0.5, undefined]) {
    it(`is one with a false acknowledgement: ${count}`, async () => {
      wire.hear(login('alice'));
      await turn();
      wire.hear(acknowledge(count), unknown);
      await turn();
      expect(wire.written).toEqual(['8', '126', 'broken']);
      expect((await stage.connect().login('alice')).status).toBe(8);
    });
  }

  it('is none with a false acknowledgement outside a session', async () => {
    wire.hear(acknowledge(7), acknowledge(undefined), login('alice'), logout('alice'));
    await turn();
    wire.hear(acknowledge(7), unknown);
    await turn();
    expect(wire.written).toEqual(['8', '40', '126']);
  });

  it('is none with a true acknowledgement, which has no response', async () => {
    await stage.service.post('bob', 'alice', 'hi');
    wire.hear(login('alice'), acknowledge(1), acknowledge(0), logout('alice'), login('alice'));
    await turn();
    expect(wire.written).toEqual(['9 hi', '40', '8']);
  });
});

/** Accounts with so many unread messages each, which nobody has used since the start. */
class LongMailboxes extends MemoryStore {
  static readonly unread = 50_000;
  readonly counted: string[] = [];
  readonly #names: readonly string[];

  constructor(names: readonly string[]) {
    super();
    this.#names = names;
  }

  override async load() {
    const { length: count } = this.#names;
    const { unread } = LongMailboxes;
    const block = { names: textOfNames(this.#names), count, identified: [] };
    const sizes = new Map([[unread, count]]);
    return { accounts: [{ ...block, sizes }], lastMessageId: count * unread };
  }

  override countMessages(username: string) {
    this.counted.push(username);
    return LongMailboxes.unread;
  }
}

it('has one long mailbox counted in a turn, so that others have theirs', async () => {
  const names = Array.from({ length: 9 }, (_, i) => `long${i}`);
  const store = new LongMailboxes(names);
  const service = await ChatService.open({ store, limits: { mailboxMessagesMax: 65_535 } });
  const wires = ['ann', 'bob', 'cid'].map((name) => ({ name, each: new FakeWire(service) }));
  for (const { name, each } of wires) each.hear(register(name), login(name));
  await turn();
  for (const [i, { name, each }] of wires.entries()) {
    each.hear(...names.slice(3 * i, 3 * i + 3).map((to) => send(name, to, 'hi')));
  }
  for (let turns = 0; turns < 9; turns++) await turn();
  expect(store.counted.slice(0, 3)).toEqual(['long0', 'long3', 'long6']);
  expect(store.counted).toHaveLength(9);
});

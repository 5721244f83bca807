import { type Message, messageBytes } from '@tandem/core';
import { beforeEach, describe, expect, it } from 'vitest';
import { FaultyStore } from '../test/faulty-store.ts';
import { readAll, stateOf, turn } from '../test/stage.ts';
import { type Account, newAccount } from './account.ts';
import { type ChatLimits, defaultChatLimits } from './limits.ts';
import { Session } from './session.ts';

let store: FaultyStore;
let account: Account;
let pushed: string[];
let failures: unknown[];
let lastMessageId: number;

beforeEach(() => {
  store = new FaultyStore();
  account = newAccount('ann', 0);
  pushed = [];
  failures = [];
  lastMessageId = 0;
});

/** A session of ann's, as the service begins one. */
function begin(limits: Partial<ChatLimits> = {}): Session {
  const session = new Session({
    account,
    store,
    limits: { ...defaultChatLimits, ...limits },
    receiver: {
      push: ({ body }: Message) => void pushed.push(body),
      fail: (error) => void failures.push(error),
    },
    lastMessageId,
    onStoreError: () => {},
  });
  account.session = session;
  return session;
}

function beginLive(limits: Partial<ChatLimits> = {}): Session {
  const session = begin(limits);
  session.goLive();
  return session;
}

/** Sends ann a message, as the service does. */
function send(body: string): void {
  const message = { id: ++lastMessageId, sender: 'bob', body };
  account.stored++;
  void store.addMessage('ann', message);
  account.session?.offer(message);
}

function sendAll(bodies: readonly string[]): void {
  for (const body of bodies) send(body);
}

function numbers(from: number, to: number): string[] {
  return Array.from({ length: to - from + 1 }, (_, i) => `${from + i}`);
}

describe('the window', () => {
  it('holds 256 messages and no more', () => {
    beginLive();
    sendAll(numbers(1, 300));
    expect(pushed).toEqual(numbers(1, 256));
  });

  it('holds 65,536 bytes and not one more', () => {
    beginLive();
    // 252 messages of 260 bytes, and 16 bytes of room.
    sendAll(Array(252).fill('x'.repeat(256)));
    const last = { sender: 'bob', body: 'x'.repeat(12) };
    expect(252 * 260 + messageBytes(last)).toBe(65_536);
    send(last.body);
    expect(pushed).toHaveLength(253);
    send('y');
    expect(pushed).toHaveLength(253);
  });

  it('has no room for a message that is one byte too long, nor for a shorter one behind it', async () => {
    const session = beginLive();
    sendAll(Array(252).fill('x'.repeat(256)));
    send('z'.repeat(13));
    send('y');
    expect(pushed).toHaveLength(252);
    session.acknowledge(1);
    await turn();
    expect(pushed.slice(252)).toEqual(['z'.repeat(13), 'y']);
  });

  it('opens by as much as was acknowledged, in order, whoever sends meanwhile', async () => {
    const session = beginLive();
    sendAll(numbers(1, 300));
    session.acknowledge(10);
    send('301');
    await turn();
    expect(pushed).toEqual(numbers(1, 266));
    session.acknowledge(266);
    send('302');
    await turn();
    expect(pushed).toEqual(numbers(1, 302));
    send('303');
    expect(pushed.at(-1)).toBe('303');
  });

  it('brings no more from the store than it has room for', async () => {
    const session = beginLive({ windowMessagesMax: 10 });
    sendAll(numbers(1, 1_000));
    const wanted: number[] = [];
    const read = store.readMessages.bind(store);
    store.readMessages = (recipient, afterId, messagesMax) => {
      wanted.push(messagesMax);
      return read(recipient, afterId, messagesMax);
    };
    session.acknowledge(1);
    await turn();
    session.acknowledge(4);
    await turn();
    expect(wanted).toEqual([1, 3]);
    expect(pushed).toEqual(numbers(1, 14));
  });
});

describe('catching up', () => {
  // A store may answer with what there was at the call, or with what there is by then.
  describe.each([true, false])('from a slow store that reads early: %s', (readsEarly) => {
    beforeEach(() => {
      store.holdsReads = true;
      store.readsEarly = readsEarly;
    });

    it('misses nothing that comes during a read, and keeps the order', async () => {
      const session = beginLive({ windowMessagesMax: 4 });
      sendAll(numbers(1, 6));
      session.acknowledge(4);
      sendAll(numbers(7, 8));
      expect(pushed).toEqual(numbers(1, 4));
      await answerReads();
      expect(pushed).toEqual(numbers(1, 8));
    });

    it('finds an acknowledgement that comes during a read', async () => {
      const session = beginLive({ windowMessagesMax: 4 });
      sendAll(numbers(1, 20));
      session.acknowledge(1);
      expect(store.readsHeld).toBe(1);
      session.acknowledge(4);
      expect(store.readsHeld).toBe(1);
      await answerReads();
      expect(pushed).toEqual(numbers(1, 8));
    });

    it('stops when the session ends during a read, and pushes nothing', async () => {
      const session = beginLive({ windowMessagesMax: 1 });
      sendAll(numbers(1, 2));
      session.acknowledge(1);
      session.end();
      await answerReads();
      expect(pushed).toEqual(['1']);
    });
  });

  it('tells the transport when the mailbox cannot be read', async () => {
    const session = beginLive({ windowMessagesMax: 1 });
    sendAll(numbers(1, 2));
    store.holdsReads = true;
    session.acknowledge(1);
    store.failReads();
    await turn();
    expect(failures).toMatchObject([{ message: 'cannot read' }]);
  });

  it('tells nobody when the session has ended by then: the connection may have another', async () => {
    const session = beginLive({ windowMessagesMax: 1 });
    sendAll(numbers(1, 2));
    store.holdsReads = true;
    session.acknowledge(1);
    session.end();
    store.failReads();
    await turn();
    expect(failures).toEqual([]);
  });
});

describe('acknowledging', () => {
  let session: Session;

  beforeEach(async () => {
    session = beginLive();
    sendAll(numbers(1, 5));
  });

  it('counts from the start of the session', async () => {
    expect(session.acknowledge(2)).toBe(true);
    expect(await store.mailbox('ann')).toEqual(['bob|3', 'bob|4', 'bob|5']);
    expect(session.acknowledge(3)).toBe(true);
    expect(await store.mailbox('ann')).toEqual(['bob|4', 'bob|5']);
  });

  it('takes all that was delivered, and not one more', async () => {
    expect(session.acknowledge(6)).toBe(false);
    expect(await store.mailbox('ann')).toHaveLength(5);
    expect(session.acknowledge(5)).toBe(true);
    expect(await store.mailbox('ann')).toEqual([]);
    expect(session.acknowledge(6)).toBe(false);
  });

  it('changes nothing with the same count or a lower one', async () => {
    session.acknowledge(3);
    store.holdsWrites = true;
    for (const count of [3, 2, 0]) expect(session.acknowledge(count)).toBe(true);
    expect(store.held).toEqual([]);
    expect(await store.mailbox('ann')).toHaveLength(2);
  });

  it.each([-1, 1.5, Number.NaN, Number.POSITIVE_INFINITY])('refuses %d', async (count) => {
    expect(session.acknowledge(count)).toBe(false);
    expect(await store.mailbox('ann')).toHaveLength(5);
  });

  it('does not count what waits for the window', async () => {
    sendAll(numbers(6, 300));
    expect(session.acknowledge(257)).toBe(false);
    expect(session.acknowledge(256)).toBe(true);
  });
});

describe('a login', () => {
  beforeEach(() => sendAll(numbers(1, 600)));

  it('reads what is unread whatever the window says, and that counts in the window', async () => {
    const session = begin();
    expect(session.unread).toBe(600);
    expect(await readAll(session)).toEqual(numbers(1, 600).map((body) => `bob|${body}`));
    session.goLive();
    send('601');
    session.acknowledge(344);
    await turn();
    expect(pushed).toEqual([]);
    session.acknowledge(345);
    await turn();
    expect(pushed).toEqual(['601']);
    expect(session.acknowledge(602)).toBe(false);
    expect(session.acknowledge(601)).toBe(true);
  });

  it('pushes nothing before it goes live, and then what came meanwhile', async () => {
    const session = begin();
    send('601');
    await readAll(session);
    session.acknowledge(600);
    send('602');
    await turn();
    expect(pushed).toEqual([]);
    session.goLive();
    send('603');
    await turn();
    expect(pushed).toEqual(['601', '602', '603']);
  });

  it('does not read what came since, though the read ended later', async () => {
    const session = begin();
    store.holdsReads = true;
    store.readsEarly = false;
    const read = readAll(session);
    send('601');
    await answerReads();
    expect(await read).toHaveLength(600);
  });

  it('goes live once, and not after its end', async () => {
    const session = begin();
    await readAll(session);
    session.end();
    session.goLive();
    session.offer({ id: ++lastMessageId, sender: 'bob', body: 'late' });
    await turn();
    expect(pushed).toEqual([]);
  });

  it('reads nothing more once it has ended', async () => {
    const session = begin();
    store.holdsReads = true;
    const read = session.readUnread(10);
    session.end();
    store.answerReads();
    expect(await read).toEqual([]);
    expect(await session.readUnread(10)).toEqual([]);
    expect(store.reads).toBe(1);
  });

  it('passes on that the mailbox cannot be read', async () => {
    const session = begin();
    store.holdsReads = true;
    const read = session.readUnread(10);
    store.failReads();
    await expect(read).rejects.toThrow('cannot read');
  });

  it('does not ask the store when nothing is unread', async () => {
    account = newAccount('bob', 0);
    const session = begin();
    expect(await session.readUnread(10)).toEqual([]);
    session.goLive();
    expect(store.reads).toBe(0);
  });
});

describe('the end', () => {
  it('leaves unread, in order, what was not acknowledged', async () => {
    const first = beginLive({ windowMessagesMax: 4 });
    sendAll(numbers(1, 6));
    first.acknowledge(2);
    first.end();
    send('7');
    const second = begin();
    expect(second.unread).toBe(5);
    expect(await readAll(second)).toEqual(numbers(3, 7).map((body) => `bob|${body}`));
  });

  it('may come twice, and the second time ends nobody else', () => {
    const first = beginLive();
    first.end();
    const second = beginLive();
    first.end();
    expect(first.ended).toBe(true);
    expect(second.ended).toBe(false);
    expect(account.session).toBe(second);
  });

  it('pushes nothing any more', () => {
    const session = beginLive();
    session.end();
    send('late');
    expect(pushed).toEqual([]);
  });

  it('lets what was acknowledged before become durable', async () => {
    const session = beginLive();
    sendAll(numbers(1, 2));
    store.holdsWrites = true;
    session.acknowledge(1);
    session.end();
    const acknowledged = session.acknowledged();
    expect(await stateOf(Promise.resolve(acknowledged))).toBe('waiting');
    store.commit();
    await acknowledged;
  });
});

/** Answers reads, and those that come of them, until there are none. */
async function answerReads(): Promise<void> {
  await turn();
  while (store.readsHeld > 0) {
    store.answerReads();
    await turn();
  }
}

import { beforeEach, describe, expect, it } from 'vitest';
import { numbers, SessionStage } from '../../test/service/session-stage.ts';
import { readAll, stateOf, turn } from '../../test/stage.ts';
import { newAccount } from '../accounts/account.ts';
import { defaultChatLimits } from '../limits.ts';
import { Session } from './session.ts';

let stage: SessionStage;

beforeEach(() => {
  stage = new SessionStage();
});

describe('acknowledging', () => {
  let session: Session;

  beforeEach(async () => {
    session = stage.beginLive();
    stage.sendAll(numbers(1, 5));
  });

  it('counts from the start of the session', async () => {
    expect(session.acknowledge(2)).toBe(true);
    expect(await stage.store.mailbox('ann')).toEqual(['bob|3', 'bob|4', 'bob|5']);
    expect(session.acknowledge(3)).toBe(true);
    expect(await stage.store.mailbox('ann')).toEqual(['bob|4', 'bob|5']);
  });

  it('takes all that was delivered, and not one more', async () => {
    expect(session.acknowledge(6)).toBe(false);
    expect(await stage.store.mailbox('ann')).toHaveLength(5);
    expect(session.acknowledge(5)).toBe(true);
    expect(await stage.store.mailbox('ann')).toEqual([]);
    expect(session.acknowledge(6)).toBe(false);
  });

  it('changes nothing with the same count or a lower one', async () => {
    session.acknowledge(3);
    stage.store.holdsWrites = true;
    for (const count of [3, 2, 0]) expect(session.acknowledge(count)).toBe(true);
    expect(stage.store.held).toEqual([]);
    expect(await stage.store.mailbox('ann')).toHaveLength(2);
  });

  it.each([-1, 1.5, Number.NaN, Number.POSITIVE_INFINITY])('refuses %d', async (count) => {
    expect(session.acknowledge(count)).toBe(false);
    expect(await stage.store.mailbox('ann')).toHaveLength(5);
  });

  it('does not count what waits for the window', async () => {
    stage.sendAll(numbers(6, 300));
    expect(session.acknowledge(257)).toBe(false);
    expect(session.acknowledge(256)).toBe(true);
  });
});

describe('a login', () => {
  beforeEach(() => stage.sendAll(numbers(1, 600)));

  it('reads what is unread whatever the window says, and that counts in the window', async () => {
    const session = stage.begin();
    expect(session.unread).toBe(600);
    expect(await readAll(session)).toEqual(numbers(1, 600).map((body) => `bob|${body}`));
    session.goLive();
    stage.send('601');
    session.acknowledge(344);
    await turn();
    expect(stage.pushed).toEqual([]);
    session.acknowledge(345);
    await turn();
    expect(stage.pushed).toEqual(['601']);
    expect(session.acknowledge(602)).toBe(false);
    expect(session.acknowledge(601)).toBe(true);
  });

  it('pushes nothing before it goes live, and then what came meanwhile', async () => {
    const session = stage.begin();
    stage.send('601');
    await readAll(session);
    session.acknowledge(600);
    stage.send('602');
    await turn();
    expect(stage.pushed).toEqual([]);
    session.goLive();
    stage.send('603');
    await turn();
    expect(stage.pushed).toEqual(['601', '602', '603']);
  });

  it('does not read what came since, though the read ended later', async () => {
    const session = stage.begin();
    stage.store.holdsReads = true;
    stage.store.readsEarly = false;
    const read = readAll(session);
    stage.send('601');
    await stage.answerReads();
    expect(await read).toHaveLength(600);
  });

  it('goes live once, and not after its end', async () => {
    const session = stage.begin();
    await readAll(session);
    session.end();
    session.goLive();
    session.offer({ id: ++stage.lastMessageId, sender: 'bob', body: 'late' });
    await turn();
    expect(stage.pushed).toEqual([]);
  });

  it('reads nothing more once it has ended', async () => {
    const session = stage.begin();
    stage.store.holdsReads = true;
    const read = session.readUnread(10);
    session.end();
    stage.store.answerReads();
    expect(await read).toEqual([]);
    expect(await session.readUnread(10)).toEqual([]);
    expect(stage.store.reads).toBe(1);
  });

  it('passes on that the mailbox cannot be read', async () => {
    const session = stage.begin();
    stage.store.holdsReads = true;
    const read = session.readUnread(10);
    stage.store.failReads();
    await expect(read).rejects.toThrow('cannot read');
  });

  it('does not ask the store when nothing is unread', async () => {
    stage.account = newAccount('bob', 0);
    const session = stage.begin();
    expect(await session.readUnread(10)).toEqual([]);
    session.goLive();
    expect(stage.store.reads).toBe(0);
  });
});

describe('the end', () => {
  it('leaves unread, in order, what was not acknowledged', async () => {
    const first = stage.beginLive({ windowMessagesMax: 4 });
    stage.sendAll(numbers(1, 6));
    first.acknowledge(2);
    first.end();
    stage.send('7');
    const second = stage.begin();
    expect(second.unread).toBe(5);
    expect(await readAll(second)).toEqual(numbers(3, 7).map((body) => `bob|${body}`));
  });

  it('may come twice, and the second time ends nobody else', () => {
    const first = stage.beginLive();
    first.end();
    const second = stage.beginLive();
    first.end();
    expect(first.ended).toBe(true);
    expect(second.ended).toBe(false);
    expect(stage.account.session).toBe(second);
  });

  it('pushes nothing any more', () => {
    const session = stage.beginLive();
    session.end();
    stage.send('late');
    expect(stage.pushed).toEqual([]);
  });

  it('lets what was acknowledged before become durable', async () => {
    const session = stage.beginLive();
    stage.sendAll(numbers(1, 2));
    stage.store.holdsWrites = true;
    session.acknowledge(1);
    session.end();
    const acknowledged = session.acknowledged();
    expect(await stateOf(Promise.resolve(acknowledged))).toBe('waiting');
    stage.store.commit();
    await acknowledged;
  });
});

describe('places', () => {
  /** Sends a message, as the service does, and returns the count that covers it. */
  function countOf(body: string): number | undefined {
    const place = stage.account.session?.nextPlace();
    stage.send(body);
    return place?.count;
  }

  it('are given from the first token on, behind what was unread at login', () => {
    stage.sendAll(numbers(1, 3));
    const session = stage.begin();
    expect(countOf('4')).toBeUndefined();
    expect(session.reached(stage.store)).toEqual({
      session: expect.any(Number),
      count: 4,
      throughId: 4,
    });
    expect([countOf('5'), countOf('6')]).toEqual([5, 6]);
  });

  it('count what waits for the window, and go on when it is pushed', async () => {
    const session = stage.beginLive({ windowMessagesMax: 2 });
    expect(session.reached(stage.store)).toMatchObject({ count: 0, throughId: 0 });
    expect(numbers(1, 4).map(countOf)).toEqual([1, 2, 3, 4]);
    expect(session.reached(stage.store)).toMatchObject({ count: 4, throughId: 4 });
    session.acknowledge(2);
    await turn();
    expect(stage.pushed).toEqual(numbers(1, 4));
    expect(countOf('5')).toBe(5);
    session.acknowledge(4);
    expect(session.reached(stage.store)).toMatchObject({ count: 5, throughId: 5 });
  });

  it('do not count what is being removed', () => {
    const first = stage.beginLive();
    stage.sendAll(numbers(1, 3));
    stage.store.holdsWrites = true;
    first.acknowledge(2);
    first.end();
    expect(stage.begin().reached(stage.store)).toMatchObject({ count: 1, throughId: 3 });
  });

  it('never fall, as what is being removed comes back if that fails', () => {
    stage.sendAll(numbers(1, 3));
    const session = stage.begin();
    session.reached(stage.store);
    stage.store.holdsWrites = true;
    stage.store.removeMessages(session.username, 2);
    expect(session.reached(stage.store)).toMatchObject({ count: 3, throughId: 3 });
    expect(countOf('4')).toBe(4);
  });

  it('are of one session alone', () => {
    const [one, other] = [stage.begin(), stage.begin()];
    expect(one.reached(stage.store).session).toBe(one.reached(stage.store).session);
    expect(other.reached(stage.store).session).not.toBe(one.reached(stage.store).session);
  });
});

describe('a mailbox without gaps that others fill, too', () => {
  const pushed: string[] = [];
  const account = newAccount('ann', 0);
  let there = 0;
  const session = new Session({
    account,
    store: {
      readMessages: async (_username, afterId) =>
        [1, 2, 3]
          .filter((id) => id > afterId && id <= there)
          .map((id) => ({ id, sender: 'bob', body: `${id}` })),
      removeMessages: () => ({ gone: 0, durable: undefined }),
      flush() {},
    },
    limits: defaultChatLimits,
    receiver: {
      push: ({ body }) => void pushed.push(body),
      mailboxFailed() {},
      resumedElsewhere() {},
      dismissed() {},
    },
    lastMessageId: 0,
    hasAllIds: true,
    onStoreError() {},
  });
  session.goLive();

  it.each([
    ['is read again when it had nothing of what was told', 0, Number.MAX_SAFE_INTEGER, []],
    ['is known up to what was read, beyond what was told', 2, 1, ['1', '2']],
    ['has nothing new in what is told late', 2, 2, ['1', '2']],
    ['goes on after that', 3, 3, ['1', '2', '3']],
  ])('%s', async (_name, has, told, expected) => {
    there = has;
    session.learn(told);
    await expect.poll(() => [pushed, session.lastId]).toEqual([expected, has]);
    expect(account.stored).toBe(has);
  });
});

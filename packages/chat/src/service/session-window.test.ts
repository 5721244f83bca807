import { messageBytes } from '@tandem/core';
import { beforeEach, describe, expect, it } from 'vitest';
import { numbers, SessionStage } from '../../test/service/session-stage.ts';
import { turn } from '../../test/stage.ts';

let stage: SessionStage;

beforeEach(() => {
  stage = new SessionStage();
});

describe('the window', () => {
  it('holds 256 messages and no more', () => {
    stage.beginLive();
    stage.sendAll(numbers(1, 300));
    expect(stage.pushed).toEqual(numbers(1, 256));
  });

  it('holds 65,536 bytes and not one more', () => {
    stage.beginLive();
    // 252 messages of 260 bytes, and 16 bytes of room.
    stage.sendAll(Array(252).fill('x'.repeat(256)));
    const last = { sender: 'bob', body: 'x'.repeat(12) };
    expect(252 * 260 + messageBytes(last)).toBe(65_536);
    stage.send(last.body);
    expect(stage.pushed).toHaveLength(253);
    stage.send('y');
    expect(stage.pushed).toHaveLength(253);
  });

  it('has no room for a message that is one byte too long, nor for a shorter one behind it', async () => {
    const session = stage.beginLive();
    stage.sendAll(Array(252).fill('x'.repeat(256)));
    stage.send('z'.repeat(13));
    stage.send('y');
    expect(stage.pushed).toHaveLength(252);
    session.acknowledge(1);
    await turn();
    expect(stage.pushed.slice(252)).toEqual(['z'.repeat(13), 'y']);
  });

  it('opens by as much as was acknowledged, in order, whoever sends meanwhile', async () => {
    const session = stage.beginLive();
    stage.sendAll(numbers(1, 300));
    session.acknowledge(10);
    stage.send('301');
    await turn();
    expect(stage.pushed).toEqual(numbers(1, 266));
    session.acknowledge(266);
    stage.send('302');
    await turn();
    expect(stage.pushed).toEqual(numbers(1, 302));
    stage.send('303');
    expect(stage.pushed.at(-1)).toBe('303');
  });

  it('brings no more from the store than it has room for', async () => {
    const session = stage.beginLive({ windowMessagesMax: 10 });
    stage.sendAll(numbers(1, 1_000));
    const wanted: number[] = [];
    const read = stage.store.readMessages.bind(stage.store);
    stage.store.readMessages = (recipient, afterId, messagesMax) => {
      wanted.push(messagesMax);
      return read(recipient, afterId, messagesMax);
    };
    session.acknowledge(1);
    await turn();
    session.acknowledge(4);
    await turn();
    expect(wanted).toEqual([1, 3]);
    expect(stage.pushed).toEqual(numbers(1, 14));
  });
});

describe('catching up', () => {
  // A store may answer with what there was at the call, or with what there is by then.
  describe.each([true, false])('from a slow store that reads early: %s', (readsEarly) => {
    beforeEach(() => {
      stage.store.holdsReads = true;
      stage.store.readsEarly = readsEarly;
    });

    it('misses nothing that comes during a read, and keeps the order', async () => {
      const session = stage.beginLive({ windowMessagesMax: 4 });
      stage.sendAll(numbers(1, 6));
      session.acknowledge(4);
      stage.sendAll(numbers(7, 8));
      expect(stage.pushed).toEqual(numbers(1, 4));
      await stage.answerReads();
      expect(stage.pushed).toEqual(numbers(1, 8));
    });

    it('finds an acknowledgement that comes during a read', async () => {
      const session = stage.beginLive({ windowMessagesMax: 4 });
      stage.sendAll(numbers(1, 20));
      session.acknowledge(1);
      expect(stage.store.readsHeld).toBe(1);
      session.acknowledge(4);
      expect(stage.store.readsHeld).toBe(1);
      await stage.answerReads();
      expect(stage.pushed).toEqual(numbers(1, 8));
    });

    it('stops when the session ends during a read, and pushes nothing', async () => {
      const session = stage.beginLive({ windowMessagesMax: 1 });
      stage.sendAll(numbers(1, 2));
      session.acknowledge(1);
      session.end();
      await stage.answerReads();
      expect(stage.pushed).toEqual(['1']);
    });
  });

  it('tells the transport when the mailbox cannot be read', async () => {
    const session = stage.beginLive({ windowMessagesMax: 1 });
    stage.sendAll(numbers(1, 2));
    stage.store.holdsReads = true;
    session.acknowledge(1);
    stage.store.failReads();
    await turn();
    expect(stage.failures).toMatchObject([{ message: 'cannot read' }]);
  });

  it('tells nobody when the session has ended by then: the connection may have another', async () => {
    const session = stage.beginLive({ windowMessagesMax: 1 });
    stage.sendAll(numbers(1, 2));
    stage.store.holdsReads = true;
    session.acknowledge(1);
    session.end();
    stage.store.failReads();
    await turn();
    expect(stage.failures).toEqual([]);
  });
});

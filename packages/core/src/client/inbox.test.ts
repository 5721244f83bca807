import { beforeEach, describe, expect, it } from 'vitest';
import type { Message } from '../rules/limits.ts';
import { Inbox } from './inbox.ts';

const message = (body: string): Message => ({ sender: 'alice', body });

let acknowledged: number[];
let inbox: Inbox;

beforeEach(() => {
  acknowledged = [];
  inbox = new Inbox(() => acknowledged.push(inbox.taken));
});

/** Returns the body of the next message; 'done' at the end, 'nothing' when it would have to be waited for. */
async function nextBody(from: Inbox = inbox): Promise<string> {
  return settled(from.next());
}

async function settled(next: Promise<IteratorResult<Message, undefined>>): Promise<string> {
  const result = await Promise.race([
    next,
    new Promise<'nothing'>((r) => setImmediate(r, 'nothing')),
  ]);
  if (result === 'nothing') return result;
  return result.done ? 'done' : result.value.body;
}

describe('an inbox', () => {
  it('hands messages out in the order in which they came', async () => {
    inbox.deliver(message('one'));
    inbox.deliver(message('two'));
    expect([await nextBody(), await nextBody(), await nextBody()]).toEqual([
      'one',
      'two',
      'nothing',
    ]);
  });

  it('hands a message to a consumer that waits', async () => {
    const next = inbox.next();
    inbox.deliver(message('one'));
    expect(await settled(next)).toBe('one');
  });

  it('counts a message as taken when the consumer comes back, not when it is handed out', async () => {
    inbox.deliver(message('one'));
    inbox.deliver(message('two'));
    await inbox.next();
    expect(acknowledged).toEqual([]);
    await inbox.next();
    expect(acknowledged).toEqual([1]);
    void inbox.next();
    expect(acknowledged).toEqual([1, 2]);
  });

  it('does not count again when the consumer comes back with nothing in hand', () => {
    void inbox.next();
    void inbox.next();
    expect(acknowledged).toEqual([]);
    expect(inbox.taken).toBe(0);
  });

  it('leaves unread the message whose loop body throws', async () => {
    inbox.deliver(message('one'));
    inbox.deliver(message('two'));
    const loop = async () => {
      for await (const { body } of inbox) if (body === 'two') throw new Error('cannot');
    };
    await expect(loop()).rejects.toThrow('cannot');
    expect(acknowledged).toEqual([1]);
    expect(await nextBody()).toBe('two');
    expect(inbox.taken).toBe(1);
  });

  it('puts back what a loop that is left early had in hand, in front of what came since', async () => {
    inbox.deliver(message('one'));
    for await (const _ of inbox) {
      inbox.deliver(message('two'));
      break;
    }
    expect([await nextBody(), await nextBody()]).toEqual(['one', 'two']);
    expect(acknowledged).toEqual([1]);
  });

  it('serves two that wait, in the order in which they came', async () => {
    const waiting = [inbox.next(), inbox.next()];
    inbox.deliver(message('one'));
    inbox.deliver(message('two'));
    expect(await Promise.all(waiting.map(settled))).toEqual(['one', 'two']);
    expect(inbox.taken).toBe(0);
    void inbox.next();
    expect(acknowledged).toEqual([2]);
  });

  it('puts back all that was in hand in its order', async () => {
    const waiting = [inbox.next(), inbox.next()];
    inbox.deliver(message('one'));
    inbox.deliver(message('two'));
    await Promise.all(waiting);
    await inbox.return();
    expect([await nextBody(), await nextBody()]).toEqual(['one', 'two']);
  });

  it('is done for a consumer that leaves while it waits, and keeps the next message for another', async () => {
    const abandoned = inbox.next();
    expect(await inbox.return()).toEqual({ done: true, value: undefined });
    inbox.deliver(message('one'));
    expect(await settled(abandoned)).toBe('done');
    expect(await nextBody()).toBe('one');
    expect(acknowledged).toEqual([]);
  });
});

describe('an inbox that is held', () => {
  it('hands nothing out until it is resumed, then what came meanwhile, in order', async () => {
    const waiting = inbox.next();
    inbox.hold();
    inbox.deliver(message('one'));
    inbox.deliver(message('two'));
    expect(await settled(waiting)).toBe('nothing');
    inbox.resume();
    expect(await settled(waiting)).toBe('one');
    expect(await nextBody()).toBe('two');
  });

  it('holds back what had come before', async () => {
    inbox.deliver(message('one'));
    inbox.hold();
    const next = inbox.next();
    expect(await settled(next)).toBe('nothing');
    inbox.resume();
    expect(await settled(next)).toBe('one');
  });

  it('hands out at once again after it was resumed', async () => {
    inbox.hold();
    inbox.resume();
    inbox.deliver(message('one'));
    expect(await nextBody()).toBe('one');
  });
});

describe('a new session', () => {
  it('forgets the messages and the count of the one before', async () => {
    inbox.deliver(message('one'));
    inbox.deliver(message('two'));
    await inbox.next();
    await inbox.next();
    inbox.deliver(message('three'));
    inbox.startSession();
    expect(inbox.taken).toBe(0);
    inbox.deliver(message('four'));
    expect(await nextBody()).toBe('four');
    expect(acknowledged).toEqual([1]);
  });

  it('does not count what was handed out in the one before', async () => {
    inbox.deliver(message('one'));
    await inbox.next();
    inbox.startSession();
    void inbox.next();
    expect(acknowledged).toEqual([]);
  });

  it('hands out though the one before was held, and to who has waited since', async () => {
    const waiting = inbox.next();
    inbox.hold();
    inbox.startSession();
    inbox.deliver(message('one'));
    expect(await settled(waiting)).toBe('one');
  });
});

describe('an inbox that has ended', () => {
  it('is done for those that wait and for those that come', async () => {
    const waiting = [inbox.next(), inbox.next()];
    inbox.end();
    expect(await Promise.all(waiting.map(settled))).toEqual(['done', 'done']);
    expect(await nextBody()).toBe('done');
  });

  it('leaves unread what was not handed out, and what was in hand', async () => {
    inbox.deliver(message('one'));
    inbox.deliver(message('two'));
    await inbox.next();
    inbox.end();
    inbox.deliver(message('three'));
    expect(await nextBody()).toBe('done');
    expect(acknowledged).toEqual([]);
  });

  it('counts what was in hand as taken when the consumer comes back, for a session that is resumed', async () => {
    inbox.deliver(message('one'));
    inbox.deliver(message('two'));
    await inbox.next();
    inbox.end();
    expect(inbox.taken).toBe(0);
    expect(await nextBody()).toBe('done');
    expect(inbox.taken).toBe(1);
  });

  it('ends a loop', async () => {
    inbox.deliver(message('one'));
    const bodies: string[] = [];
    for await (const { body } of inbox) {
      bodies.push(body);
      inbox.end();
    }
    expect(bodies).toEqual(['one']);
  });
});

import { Status } from '@tandem/core';
import { beforeEach, describe, expect, it } from 'vitest';
import { stateOf, turn } from '../../test/stage.ts';
import { FaultyStore } from '../../test/store/faulty-store.ts';
import { ChatService } from './chat-service.ts';
import { InProcessClient } from './in-process-client.ts';

let store: FaultyStore;
let service: ChatService;
let ann: InProcessClient;
let bob: InProcessClient;

beforeEach(async () => {
  store = new FaultyStore();
  service = await ChatService.open({ store, limits: { windowMessagesMax: 2 } });
  [ann, bob] = [new InProcessClient(service), new InProcessClient(service)];
  await ann.register('ann');
  await bob.register('bob');
  await ann.login('ann');
});

describe('an in-process client', () => {
  it('gives messages as a wire would: sender and body, and nothing else', async () => {
    await ann.send('bob', 'waits');
    await bob.login('bob');
    await ann.send('bob', 'comes');
    expect(await bob.messages.next()).toEqual({
      done: false,
      value: { sender: 'ann', body: 'waits' },
    });
    expect(await bob.messages.next()).toEqual({
      done: false,
      value: { sender: 'ann', body: 'comes' },
    });
  });

  it('acknowledges what was taken, so that the window opens', async () => {
    await bob.login('bob');
    for (const body of ['one', 'two', 'three']) await ann.send('bob', body);
    const bodies: string[] = [];
    for await (const { body } of bob.messages) if (bodies.push(body) === 3) break;
    expect(bodies).toEqual(['one', 'two', 'three']);
    await bob.search('nobody');
    expect(await store.mailbox('bob')).toEqual(['ann|three']);
  });

  it('lets calls behind a login wait until its messages are there', async () => {
    await ann.send('bob', 'unread');
    store.holdsReads = true;
    const login = bob.login('bob');
    const logout = bob.logout();
    expect(await stateOf(logout)).toBe('waiting');
    store.release();
    expect(await login).toEqual({ status: Status.loggedInUnread, unread: 1 });
    expect(await logout).toEqual({ status: Status.loggedOut });
  });

  it('acknowledges nothing of a session that it has left', async () => {
    await bob.login('bob');
    await ann.send('bob', 'hi');
    await bob.messages.next();
    expect(await bob.logout()).toEqual({ status: Status.loggedOut });
    void bob.messages.next();
    await bob.search('nobody');
    expect(await store.mailbox('bob')).toEqual(['ann|hi']);
  });
});

describe('an in-process client whose mailbox cannot be read', () => {
  const lost = { name: 'ChatError', code: 'connection-lost', cause: { message: 'cannot read' } };

  it('at its login fails, with the session, and every call fails with the same error', async () => {
    await ann.send('bob', 'hi');
    store.holdsReads = true;
    const login = bob.login('bob');
    await turn();
    store.failReads();
    const error = await login.catch((error: unknown) => error);
    expect(error).toMatchObject(lost);
    expect(await bob.closed).toBe(error);
    await expect(bob.search('')).rejects.toBe(error);
    store.release();
    const again = new InProcessClient(service);
    expect(await again.login('bob')).toEqual({ status: Status.loggedInUnread, unread: 1 });
  });

  it('while it catches up fails, and what was not taken is unread', async () => {
    await bob.login('bob');
    for (const body of ['one', 'two', 'three']) await ann.send('bob', body);
    store.holdsReads = true;
    await bob.messages.next();
    const next = bob.messages.next();
    expect(await next).toMatchObject({ value: { body: 'two' } });
    await turn();
    store.failReads();
    expect(await bob.closed).toMatchObject(lost);
    expect(await bob.messages.next()).toEqual({ done: true, value: undefined });
    store.release();
    const again = new InProcessClient(service);
    expect(await again.login('bob')).toEqual({ status: Status.loggedInUnread, unread: 2 });
  });
});

describe('an in-process client that is closed while it logs in', () => {
  it('is not logged in, whatever the login waited for', async () => {
    await ann.send('bob', 'hi');
    store.holdsReads = true;
    const login = bob.login('bob');
    await turn();
    await bob.close();
    store.release();
    await expect(login).rejects.toMatchObject({ code: 'closed' });
    expect(await bob.closed).toBeUndefined();
    expect(await new InProcessClient(service).login('bob')).toMatchObject({ unread: 1 });
  });

  it('is not logged in, though the account was not durable yet', async () => {
    store.holdsWrites = true;
    const cid = new InProcessClient(service);
    const calls = [cid.register('cid'), cid.login('cid')];
    await turn();
    await cid.close();
    store.release();
    await expect(calls[1]).rejects.toMatchObject({ code: 'closed' });
    expect(await new InProcessClient(service).login('cid')).toMatchObject({
      status: Status.loggedIn,
    });
  });
});

import { GatedStore } from '@tandem/chat/testing';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { startStage } from '../fixture.ts';

const hi = { sender: 'bob', body: 'hi' };

describe('a unary session', () => {
  it('gives its stream what came after the login, in order', async () => {
    const stage = await startStage({ users: ['alice'] });
    const client = stage.client();
    await stage.fillMailbox('alice', ['1']);
    const { messages, token } = await client.login('alice');
    await stage.fillMailbox('alice', ['2']);
    const subscription = client.subscribe('alice', token);
    expect(messages).toEqual([{ sender: 'bob', body: '1' }]);
    expect(await subscription.take(1)).toEqual([{ sender: 'bob', body: '2' }]);
    await stage.fillMailbox('alice', ['3', '4']);
    expect((await subscription.take(2)).map(({ body }) => body)).toEqual(['3', '4']);
  });

  it('refuses a second stream with ALREADY_EXISTS and keeps the first', async () => {
    const stage = await startStage({ users: ['alice'] });
    const client = stage.client();
    const { token, subscription } = await client.enter('alice');
    await stage.fillMailbox('alice', ['1']);
    await subscription.take(1);
    expect(await client.subscribe('alice', token).ended).toBe('ALREADY_EXISTS');
    expect(await client.subscribe('alice').ended).toBe('ALREADY_EXISTS');
    await stage.fillMailbox('alice', ['2']);
    expect((await subscription.take(1))[0]?.body).toBe('2');
  });

  it('ends when its stream is cancelled', async () => {
    const stage = await startStage({ users: ['alice'] });
    const client = stage.client();
    const { token, subscription } = await client.enter('alice', { acknowledges: true });
    await stage.fillMailbox('alice', ['hi']);
    await subscription.take(1);
    subscription.call.cancel();
    expect(await subscription.ended).toBe('CANCELLED');
    expect(await stage.unread('alice')).toEqual(['hi']);
    expect(await client.outcome('Search', { query: 'alice' }, token)).toBe(16);
    expect(await client.outcome('Logout', { username: 'alice' }, token)).toBe('UNAUTHENTICATED');
  });

  it('ends when the connection of its stream is cut, and no other session does', async () => {
    const stage = await startStage({ users: ['alice', 'bob'] });
    const client = stage.client();
    const other = stage.client();
    const { subscription } = await client.enter('alice');
    const bob = await other.enter('bob');
    client.close();
    subscription.call.cancel();
    expect((await stage.untilFree('alice')).statusCode).toBe(8);
    expect(await other.outcome('Logout', { username: 'bob' }, bob.token)).toBe(40);
  });

  it('lives on a stream of another connection when its own is gone', async () => {
    const stage = await startStage({ users: ['alice'] });
    const [first, second] = [stage.client(), stage.client()];
    const { token } = await first.login('alice');
    const subscription = second.subscribe('alice', token);
    await stage.fillMailbox('alice', ['1']);
    await subscription.take(1);
    first.close();
    await stage.until(() => stage.server.connectionCount === 2);
    await stage.fillMailbox('alice', ['2']);
    expect((await subscription.take(1))[0]?.body).toBe('2');
    expect(await second.outcome('Logout', { username: 'alice' }, token)).toBe(40);
  });

  it('ends when its connection is gone before it subscribed', async () => {
    const limits = { subscribeWithinMs: 3_600_000 };
    const stage = await startStage({ users: ['alice'], limits });
    const client = stage.client();
    await client.login('alice');
    client.close();
    expect((await stage.untilFree('alice')).statusCode).toBe(8);
  });

  it('ends when nobody subscribes in time', async () => {
    const stage = await startStage({ users: ['alice'], limits: { subscribeWithinMs: 20 } });
    const client = stage.client();
    const { token } = await client.login('alice');
    expect((await stage.untilFree('alice')).statusCode).toBe(8);
    expect(await client.outcome('Logout', { username: 'alice' }, token)).toBe('UNAUTHENTICATED');
  });

  it('ends after a stated time, with its stream and its token', async () => {
    const stage = await startStage({ users: ['alice'], limits: { sessionMs: 50 } });
    const client = stage.client();
    const { token, subscription } = await client.enter('alice');
    expect(await subscription.ended).toBe('UNAUTHENTICATED');
    expect(await client.outcome('Logout', { username: 'alice' }, token)).toBe('UNAUTHENTICATED');
    expect((await stage.untilFree('alice')).statusCode).toBe(8);
  });

  it('is known by its token alone where the server is told so', async () => {
    const stage = await startStage({ users: ['alice'], sessionsByConnection: false });
    const client = stage.client();
    const { token } = await client.enter('alice');
    const note = { sender: 'alice', recipient: 'alice', body: 'hi' };
    const requests = [
      ['Send', note],
      ['Acknowledge', { username: 'alice', count: 0 }],
      ['Logout', { username: 'alice' }],
      ['Delete', { username: 'alice' }],
    ] as const;
    for (const [method, request] of requests) {
      expect(await client.outcome(method, request)).toBe('UNAUTHENTICATED');
    }
    expect(await client.subscribe('alice').ended).toBe('UNAUTHENTICATED');
    expect(await client.outcome('Send', note, token)).toBe(24);
  });

  it('lives on when somebody subscribed in time', async () => {
    const subscribeWithinMs = 60_000;
    const stage = await startStage({ users: ['alice', 'bob'], limits: { subscribeWithinMs } });
    const client = stage.client();
    // Whatever else waits has begun to, so that only what waits for a stream is over.
    await client.outcome('Search', { query: 'y' });
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    onTestFinished(() => void vi.useRealTimers());
    const { subscription } = await client.enter('alice');
    await client.login('bob');
    for (let i = 0; i < 2; i++) {
      await stage.fillMailbox('alice', ['hi']);
      expect(await subscription.take(1)).toEqual([hi]);
      vi.advanceTimersByTime(subscribeWithinMs);
      expect(stage.isFree('bob')).toBe(true);
    }
  });

  it('counts that time from the response, however long it takes to make', async () => {
    const store = new GatedStore();
    const stage = await startStage({ store, users: ['alice'], limits: { subscribeWithinMs: 20 } });
    await stage.fillMailbox('alice', ['hi']);
    const held = store.hold('readMessages');
    const login = stage.client().login('alice');
    await held;
    await new Promise((resolve) => setTimeout(resolve, 40));
    const other = stage.client();
    expect(await other.outcome('Login', { username: 'alice' })).toBe(11);
    store.release('readMessages');
    expect(await login).toMatchObject({ statusCode: 9, messages: [hi] });
  });

  it('is not ended by the late end of an older stream', async () => {
    const stage = await startStage({ users: ['alice'] });
    const client = stage.client();
    const first = await client.enter('alice');
    expect(await client.outcome('Logout', { username: 'alice' }, first.token)).toBe(40);
    const second = await client.enter('alice');
    await stage.fillMailbox('alice', ['1']);
    await second.subscription.take(1);
    first.subscription.call.cancel();
    await first.subscription.ended;
    await stage.fillMailbox('alice', ['2']);
    expect((await second.subscription.take(1))[0]?.body).toBe('2');
  });

  it('ends with its stream, with INTERNAL, when its mailbox cannot be read, and so does one of Converse', async () => {
    const store = new GatedStore();
    const chatLimits = { windowMessagesMax: 1 };
    const stage = await startStage({ store, chatLimits, users: ['alice', 'carol'] });
    const client = stage.client();
    const { token, subscription } = await client.enter('alice', { acknowledges: true });
    const carol = client.converse();
    carol.say({ login: { username: 'carol' } });
    await carol.take(1);
    for (const name of ['alice', 'carol']) await stage.fillMailbox(name, ['hi', 'there']);
    for (const stream of [subscription, carol]) await stream.take(1);
    store.fail('readMessages');
    const acknowledge = { username: 'alice', count: 1 };
    expect(await client.outcome('Acknowledge', acknowledge, token)).toBe(56);
    carol.say({ acknowledge });
    expect([await subscription.ended, await carol.ended]).toEqual(['INTERNAL', 'INTERNAL']);
    store.release('readMessages');
    for (const name of ['alice', 'carol']) expect(await stage.unread(name)).toEqual(['there']);
  });

  it('ends with its stream when it is kicked, and others on its connection go on', async () => {
    const stage = await startStage({ users: ['alice', 'bob', 'carol'] });
    const client = stage.client();
    const alice = await client.enter('alice');
    const bob = await client.enter('bob');
    const carol = client.converse();
    carol.say({ login: { username: 'carol' } });
    expect(await carol.statuses(1)).toEqual([8]);
    await stage.fillMailbox('alice', ['hi']);
    await alice.subscription.take(1);
    const { administration } = stage.service;
    for (const name of ['alice', 'carol']) expect(await administration.kick(name)).toBe(true);
    expect([await alice.subscription.ended, await carol.ended]).toEqual(['ABORTED', 'ABORTED']);
    const logout = { username: 'alice' };
    expect(await client.outcome('Logout', logout, alice.token)).toBe('UNAUTHENTICATED');
    await stage.fillMailbox('bob', ['hi']);
    expect(await bob.subscription.take(1)).toEqual([hi]);
    expect(stage.server.connectionCount).toBe(1);
  });

  it('carries several on one connection, told apart by their tokens', async () => {
    const stage = await startStage({ users: ['alice', 'bob', 'carol'] });
    const client = stage.client();
    const alice = await client.enter('alice');
    const bob = await client.enter('bob');
    const message = { sender: 'alice', recipient: 'bob', body: 'hi' };
    expect(await client.outcome('Send', message, alice.token)).toBe(24);
    expect(await bob.subscription.take(1)).toEqual([{ sender: 'alice', body: 'hi' }]);
    expect(await client.outcome('Logout', { username: 'alice' }, alice.token)).toBe(40);
    const back = { sender: 'bob', recipient: 'alice', body: 'still here' };
    expect(await client.outcome('Send', back, bob.token)).toBe(25);
  });
});

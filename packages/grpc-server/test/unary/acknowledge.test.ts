import { GatedStore } from '@tandem/chat/testing';
import { describe, expect, it } from 'vitest';
import { startStage } from '../fixture.ts';

describe('a client that acknowledges', () => {
  it('finds unread what it has not acknowledged, however much it has received', async () => {
    const stage = await startStage({ users: ['alice'] });
    await stage.fillMailbox('alice', ['1', '2']);
    const client = stage.client();
    const { token, subscription } = await client.enter('alice', { acknowledges: true });
    await stage.fillMailbox('alice', ['3', '4']);
    await subscription.take(2);
    const acknowledge = (count: number) =>
      client.outcome('Acknowledge', { username: 'alice', count }, token);
    expect(await acknowledge(3)).toBe(56);
    expect(await acknowledge(1)).toBe(56);
    expect(await acknowledge(0)).toBe(56);
    await client.outcome('Logout', { username: 'alice' }, token);
    expect(await stage.unread('alice')).toEqual(['4']);
  });

  it('is answered 56 when that is durable', async () => {
    const store = new GatedStore();
    const stage = await startStage({ store, users: ['alice'] });
    await stage.fillMailbox('alice', ['1']);
    const client = stage.client();
    const { token } = await client.enter('alice', { acknowledges: true });
    const held = store.hold('removeMessages');
    let answered = false;
    const outcome = client.outcome('Acknowledge', { username: 'alice', count: 1 }, token);
    void outcome.then(() => {
      answered = true;
    });
    await held;
    await stage.untilSteady(() => 0);
    expect(answered).toBe(false);
    store.release('removeMessages');
    expect(await outcome).toBe(56);
  });

  it('is answered 127 when it could not be made durable, and may try again', async () => {
    const store = new GatedStore();
    const stage = await startStage({ store, users: ['alice'] });
    await stage.fillMailbox('alice', ['1']);
    const client = stage.client();
    const { token } = await client.enter('alice', { acknowledges: true });
    const acknowledge = () => client.outcome('Acknowledge', { username: 'alice', count: 1 }, token);
    store.fail('removeMessages');
    expect(await acknowledge()).toBe(127);
    store.release('removeMessages');
    expect(await acknowledge()).toBe(56);
  });

  it('has no session any more after a Logout that is answered 127', async () => {
    const store = new GatedStore();
    const stage = await startStage({ store, users: ['alice'] });
    await stage.fillMailbox('alice', ['1']);
    const client = stage.client();
    const { token, subscription } = await client.enter('alice', { acknowledges: true });
    store.fail('removeMessages');
    await client.outcome('Acknowledge', { username: 'alice', count: 1 }, token);
    expect(await client.outcome('Logout', { username: 'alice' }, token)).toBe(127);
    expect(await subscription.rest()).toEqual([]);
    expect(await client.outcome('Logout', { username: 'alice' }, token)).toBe('UNAUTHENTICATED');
    store.release('removeMessages');
    expect(await client.outcome('Login', { username: 'alice' })).not.toBe(11);
  });

  it('gets no more than its window, and the next message for each that it acknowledges', async () => {
    const stage = await startStage({ users: ['alice'] });
    const client = stage.client();
    const { token, subscription } = await client.enter('alice', { acknowledges: true });
    const bodies = Array.from({ length: 300 }, (_, i) => `${i}`);
    await stage.fillMailbox('alice', bodies);
    const first = await subscription.take(256);
    await client.outcome('Acknowledge', { username: 'alice', count: 40 }, token);
    const then = await subscription.take(40);
    expect([...first, ...then].map(({ body }) => body)).toEqual(bodies.slice(0, 296));
    await client.outcome('Logout', { username: 'alice' }, token);
    expect(await subscription.rest()).toEqual([]);
    expect(await stage.unread('alice')).toEqual(bodies.slice(40));
  });

  it('gets no more than 64 KiB of messages either', async () => {
    const sender = 'n'.repeat(50);
    const stage = await startStage({ users: ['alice', sender] });
    const client = stage.client();
    const { token, subscription } = await client.enter('alice', { acknowledges: true });
    const bodies = Array.from({ length: 250 }, (_, i) => `${i}`.padEnd(262, 'x'));
    await stage.fillMailbox('alice', bodies, sender);
    await client.outcome('Logout', { username: 'alice' }, token);
    expect(await subscription.rest()).toHaveLength(Math.floor(65_536 / (50 + 1 + 262)));
  });

  for (const count of [2, 256, 2 ** 53, '18446744073709551615']) {
    it(`ends its session with INVALID_ARGUMENT by claiming ${count} of 1`, async () => {
      const stage = await startStage({ users: ['alice'] });
      await stage.fillMailbox('alice', ['1']);
      const client = stage.client();
      const { token, subscription } = await client.enter('alice', { acknowledges: true });
      const acknowledge = () => client.outcome('Acknowledge', { username: 'alice', count }, token);
      expect(await acknowledge()).toBe('INVALID_ARGUMENT');
      expect(await subscription.ended).toBe('INVALID_ARGUMENT');
      expect(await acknowledge()).toBe('UNAUTHENTICATED');
      expect(await stage.unread('alice')).toEqual(['1']);
    });
  }
});

describe('a client that does not acknowledge', () => {
  it('has taken what its stream and its Login accepted', async () => {
    const stage = await startStage({ users: ['alice'] });
    await stage.fillMailbox('alice', ['1']);
    const client = stage.client();
    const { token, subscription } = await client.enter('alice');
    const bodies = Array.from({ length: 1_000 }, (_, i) => `${i}`);
    await stage.fillMailbox('alice', bodies);
    expect((await subscription.take(1_000)).map(({ body }) => body)).toEqual(bodies);
    await stage.untilSteady(() => 0);
    await client.outcome('Logout', { username: 'alice' }, token);
    expect(await stage.unread('alice')).toEqual([]);
  });

  it('finds its message to itself at its next login when it never subscribed', async () => {
    const stage = await startStage({ users: ['alice'] });
    const client = stage.client();
    await client.login('alice');
    const message = { sender: 'alice', recipient: 'alice', body: 'hi' };
    expect(await client.outcome('Send', message)).toBe(24);
    expect(await client.outcome('Logout', { username: 'alice' })).toBe(40);
    expect(await client.login('alice')).toMatchObject({
      statusCode: 9,
      messages: [{ sender: 'alice', body: 'hi' }],
    });
  });
});

it('answers a Login with as much of a huge mailbox as a client takes, and streams the rest', async () => {
  const sender = 'n'.repeat(50);
  const stage = await startStage({
    users: ['alice', sender],
    chatLimits: { mailboxMessagesMax: 65_535 },
  });
  const bodies = Array.from({ length: 14_000 }, (_, i) => `${i}`.padEnd(262, 'x'));
  await stage.fillMailbox('alice', bodies, sender);
  const client = stage.client();
  const { messages = [], subscription } = await client.enter('alice');
  expect(messages.length).toBeGreaterThan(10_000);
  const rest = await subscription.take(14_000 - messages.length);
  expect([...messages, ...rest].map(({ body }) => body)).toEqual(bodies);
});

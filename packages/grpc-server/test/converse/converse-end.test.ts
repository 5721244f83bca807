import type { GatedStore } from '@tandem/chat/testing';
import { beforeEach, describe, expect, it } from 'vitest';
import { type Stage, startStage } from '../fixture.ts';
import { frameStatuses, prefixed, RawSession, responseOf } from '../hostile/raw-session.ts';
import type { Conversing, TestClient } from '../test-client.ts';
import { alice, enter, send, startConversing } from './conversing.ts';

let store: GatedStore;
let stage: Stage;
let client: TestClient;
let stream: Conversing;

beforeEach(async () => {
  ({ store, stage, client, stream } = await startConversing());
});

describe('a bad operation on a Converse stream', () => {
  it('ends it with INVALID_ARGUMENT after the responses before it, and is not answered', async () => {
    await enter(stream);
    const held = store.hold('addAccount');
    stream.say({ register: { username: 'zoe' } }, {}, { register: { username: 'late' } });
    await held;
    store.release('addAccount');
    expect(await stream.ended).toBe('INVALID_ARGUMENT');
    expect((await stream.rest()).map(({ statusCode }) => statusCode)).toEqual([1]);
    expect((await stage.untilFree('alice')).statusCode).toBe(8);
    expect((await client.ask('Search', { query: '*' })).results).toEqual(['alice', 'bob', 'zoe']);
  });

  it('is a frame that is no message, and what is in it is not done', async () => {
    const raw = await RawSession.connect(stage.server.port);
    // Its text goes on beyond its request, or beyond the frame.
    for (const hex of ['0a040a106576651a030a012a', '0a050a10657665', 'ff']) {
      const stream = raw.open('Converse');
      const asked = [raw.frame({ search: { query: 'y' } }), prefixed(Buffer.from(hex, 'hex'))];
      stream.write(Buffer.concat([...asked, raw.frame({ register: { username: 'late' } })]));
      const { grpcStatus, bytes } = await responseOf(stream);
      expect([grpcStatus, frameStatuses(bytes)]).toEqual([3, [17]]);
    }
    raw.destroy();
    expect((await client.ask('Search', { query: '*' })).results).toEqual(['alice', 'bob']);
  });

  it('is a false acknowledgement, and none outside a session', async () => {
    stream.say({ acknowledge: { count: 7 } });
    await enter(stream);
    stream.say({ acknowledge: {} }, { search: { query: 'y' } });
    expect(await stream.statuses(1)).toEqual([17]);
    stream.say({ acknowledge: { count: 1 } });
    expect(await stream.ended).toBe('INVALID_ARGUMENT');
    expect((await stage.untilFree('alice')).statusCode).toBe(8);
  });
});

describe('the end of a Converse stream', () => {
  it('is OK after a half-close, once everything is answered', async () => {
    const held = store.hold('addAccount');
    stream.say({ register: { username: 'zoe' } }, { login: alice }, send('bob'));
    stream.end();
    await held;
    store.release('addAccount');
    expect(await stream.ended).toBe('OK');
    expect((await stream.rest()).map(({ statusCode }) => statusCode)).toEqual([1, 8, 25]);
    expect((await stage.untilFree('alice')).statusCode).toBe(8);
  });

  it('answers thousands of requests that came before a half-close', async () => {
    stream.say(...Array(2_000).fill({ search: { query: 'y' } }));
    stream.end();
    expect(await stream.ended).toBe('OK');
    expect(await stream.rest()).toHaveLength(2_000);
  });

  it('is that of its session when it is cancelled, responses owed or not', async () => {
    await enter(stream);
    const held = store.hold('addMessage');
    stream.say(send('bob'), send('bob'));
    await held;
    stream.call.cancel();
    await stage.until(() => stage.isFree('alice'));
    store.release('addMessage');
    expect(await stage.unread('bob')).toEqual(['hi', 'hi']);
  });

  it('is that of its session when the connection is cut in the pages of its login', async () => {
    const bodies = Array.from({ length: 1_000 }, () => 'x'.repeat(250));
    await stage.fillMailbox('alice', bodies);
    const held = store.hold('readMessages');
    stream.say({ login: alice });
    await held;
    stream.call.cancel();
    await stage.until(() => stage.isFree('alice'));
    store.release('readMessages');
    expect(await stage.unread('alice')).toHaveLength(1_000);
  });

  it('leaves what is not acknowledged unread', async () => {
    await enter(stream);
    await stage.fillMailbox('alice', ['1', '2', '3']);
    await stream.take(3);
    stream.say({ acknowledge: { count: 1 } }, { search: { query: 'y' } });
    await stream.take(1);
    stream.call.cancel();
    await stage.until(() => stage.isFree('alice'));
    expect(await stage.unread('alice')).toEqual(['2', '3']);
  });
});

describe('a Converse stream that says nothing', () => {
  it('is ended when nobody is logged in on it', async () => {
    const stage = await startStage({ limits: { idleBeforeLoginMs: 50 } });
    const raw = await RawSession.connect(stage.server.port);
    expect((await responseOf(raw.open('Converse'))).grpcStatus).toBe(14);
  });

  it('goes on when somebody is', async () => {
    // Longer than a busy machine takes to hear who logs in, here and on the connection that comes last.
    const stage = await startStage({ users: ['alice', 'bob'], limits: { idleBeforeLoginMs: 500 } });
    const raw = await RawSession.connect(stage.server.port);
    const silent = raw.open('Converse');
    silent.write(raw.frame({ login: { username: 'alice' } }));
    // When this one has been ended, the other has been silent for as long.
    expect((await responseOf(raw.open('Converse'))).grpcStatus).toBe(14);
    expect(await stage.client().outcome('Login', { username: 'alice' })).toBe(11);
    raw.destroy();
  });
});

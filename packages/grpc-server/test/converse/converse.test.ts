import type { GatedStore } from '@tandem/chat/testing';
import { beforeEach, describe, expect, it } from 'vitest';
import { type Stage, startStage } from '../fixture.ts';
import type { Conversing, TestClient } from '../test-client.ts';
import { alice, enter, send, startConversing } from './conversing.ts';

let store: GatedStore;
let stage: Stage;
let client: TestClient;
let stream: Conversing;

beforeEach(async () => {
  ({ store, stage, client, stream } = await startConversing());
});

describe('the responses of a Converse stream', () => {
  it('are those of the table', async () => {
    stream.say({ register: { username: 'zoe' } }, { register: { username: 'zoe' } });
    stream.say({ login: { username: 'nobody' } }, { login: alice }, { login: alice });
    expect(await stream.statuses(5)).toEqual([1, 2, 10, 8, 121]);
    stream.say({ search: { query: 'z*' } }, { search: { query: 'y*' } });
    expect(await stream.take(2)).toEqual([
      { statusCode: 16, messages: [], results: ['zoe'] },
      { statusCode: 17, messages: [], results: [] },
    ]);
    stream.say(send('bob'), send('nobody'), { logout: alice }, { login: alice });
    stream.say({ delete: alice }, { login: alice });
    expect(await stream.statuses(6)).toEqual([25, 26, 40, 8, 48, 10]);
  });

  it('are 28 for a mailbox that is full, and 11 for a user who is somewhere else', async () => {
    stage = await startStage({ users: ['alice', 'bob'], chatLimits: { mailboxMessagesMax: 1 } });
    client = stage.client();
    stream = client.converse();
    await enter(stream);
    stream.say(send('bob'), send('bob'));
    expect(await stream.statuses(2)).toEqual([25, 28]);
    expect(await client.outcome('Login', alice)).toBe(11);
    await client.login('bob');
    const other = client.converse();
    other.say({ login: { username: 'bob' } });
    expect(await other.statuses(1)).toEqual([11]);
  });

  it('are 120 for who is not logged in, before 122 for what is not valid', async () => {
    stream.say(send('bob'), send('b b'), { logout: alice }, { delete: alice }, { send: {} });
    expect(await stream.statuses(5)).toEqual([120, 120, 120, 120, 120]);
    await enter(stream);
    stream.say(send('b b'), send('bob', 'a|b'), send('bob', '   '), send('bob', 'hi', 'bob'));
    stream.say({ search: { query: '(' } }, { register: {} }, { logout: { username: 'bob' } });
    expect(await stream.statuses(7)).toEqual([122, 122, 122, 120, 122, 122, 120]);
  });

  it('are 127 and 27 when the store fails, and the stream goes on', async () => {
    await enter(stream);
    store.fail('addAccount');
    store.fail('addMessage');
    stream.say({ register: { username: 'zoe' } }, send('bob'));
    expect(await stream.statuses(2)).toEqual([127, 27]);
    store.release('addAccount');
    stream.say({ register: { username: 'zoe' } });
    expect(await stream.statuses(1)).toEqual([1]);
  });

  it('come in the order of the requests, pipelined by the thousand', async () => {
    const requests = Array.from({ length: 3_000 }, (_, i) =>
      i % 3 === 2 ? { search: { query: `user${i - 1}` } } : { register: { username: `user${i}` } },
    );
    stream.say(...requests);
    const expected = requests.map(({ search }) => (search === undefined ? 1 : 16));
    expect(await stream.statuses(3_000)).toEqual(expected);
  });

  it('wait for what is written slowly, the later ones too', async () => {
    const held = store.hold('addAccount');
    stream.say({ register: { username: 'zoe' } }, { search: { query: 'alice' } });
    await held;
    store.release('addAccount');
    expect(await stream.statuses(2)).toEqual([1, 16]);
  });
});

describe('the long responses of a Converse stream', () => {
  it('are pages of messages, 12 and a last 9, and nothing is pushed before it', async () => {
    const bodies = Array.from({ length: 1_000 }, (_, i) => `${i}`.padEnd(250, 'x'));
    await stage.fillMailbox('alice', bodies);
    const held = store.hold('readMessages');
    stream.say({ login: alice });
    await held;
    await stage.fillMailbox('alice', ['later']);
    store.release('readMessages');
    const pages = await stream.take(4);
    expect(pages.map(({ statusCode }) => statusCode)).toEqual([12, 12, 12, 9]);
    expect(pages.flatMap(({ messages }) => messages.map(({ body }) => body))).toEqual(bodies);
    for (const { messages } of pages) {
      const bytes = messages.map(({ sender, body }) => `${sender}|${body}`).join('\n').length;
      expect(bytes).toBeLessThanOrEqual(65_535);
    }
    stream.say({ acknowledge: { count: 1_000 } });
    expect(await stream.take(1)).toEqual([
      { statusCode: 32, messages: [{ sender: 'bob', body: 'later' }], results: [] },
    ]);
  });

  it('are pages of names, 18 and a last 16 or 19', async () => {
    const names = Array.from({ length: 10_001 }, (_, i) => `n${`${i}`.padStart(49, '0')}`);
    await Promise.all(names.map((username) => stage.service.register(username)));
    for (const [query, last, found] of [
      ['n*', 19, names.slice(0, 10_000)],
      ['n0*0', 16, names.filter((name) => name.endsWith('0'))],
    ] as const) {
      stream.say({ search: { query } });
      const pages = [];
      for (;;) {
        const [page] = await stream.take(1);
        if (page === undefined) break;
        pages.push(page);
        if (page.statusCode !== 18) break;
        expect(page.results.join('|').length).toBeLessThanOrEqual(65_535);
      }
      expect(pages.at(-1)?.statusCode).toBe(last);
      expect(pages.flatMap(({ results }) => results)).toEqual(found);
    }
  });

  it('end the stream with INTERNAL when the mailbox cannot be read, and lose nothing', async () => {
    await stage.fillMailbox('alice', ['hi']);
    const held = store.hold('readMessages');
    stream.say({ login: alice });
    await held;
    store.fail('readMessages');
    expect(await stream.ended).toBe('INTERNAL');
    expect(stage.logged.join('')).toContain('the disk is gone');
    store.release('readMessages');
    expect(await stage.unread('alice')).toEqual(['hi']);
  });
});

describe('the pushes of a Converse stream', () => {
  it('stop at 256 messages that are not acknowledged, and go on as they are', async () => {
    await enter(stream);
    await stage.fillMailbox('alice', [...Array(300).keys()].map(String));
    stream.say({ search: { query: 'y' } });
    expect((await stream.statuses(257)).filter((status) => status === 32)).toHaveLength(256);
    stream.say({ acknowledge: { count: 10 } }, { acknowledge: { count: 3 } });
    const more = await stream.take(10);
    expect(more.map(({ messages }) => messages[0]?.body)).toEqual(
      [...Array(10).keys()].map((i) => `${256 + i}`),
    );
    stream.end();
    expect(await stream.rest()).toEqual([]);
    expect(await stage.unread('alice')).toHaveLength(290);
  });

  it('stop at 64 KiB', async () => {
    await enter(stream);
    const bodies = Array.from({ length: 256 }, () => 'x'.repeat(262));
    await stage.fillMailbox('alice', bodies, 'n'.repeat(50));
    stream.end();
    expect(await stream.rest()).toHaveLength(Math.floor(65_536 / 313));
  });

  it('bring a message to oneself, which is answered too', async () => {
    await enter(stream);
    stream.say(send('alice'));
    expect((await stream.statuses(2)).sort()).toEqual([24, 32]);
  });
});

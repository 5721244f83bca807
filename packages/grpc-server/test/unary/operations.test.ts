import { Status } from '@tandem/core';
import { beforeEach, describe, expect, it } from 'vitest';
import { type Stage, startStage } from '../fixture.ts';
import type { TestClient } from '../test-client.ts';

let stage: Stage;
let client: TestClient;

beforeEach(async () => {
  stage = await startStage({ users: ['alice', 'bob'] });
  client = stage.client();
});

describe('Register', () => {
  it('answers 1, then 2', async () => {
    expect(await client.outcome('Register', { username: 'zoe' })).toBe(1);
    expect(await client.outcome('Register', { username: 'zoe' })).toBe(2);
  });

  it('takes names up to 50 characters, and refuses others with INVALID_ARGUMENT', async () => {
    expect(await client.outcome('Register', { username: 'n'.repeat(50) })).toBe(1);
    for (const username of ['', 'n'.repeat(51), 'a b', 'a|b', 'é', 'a*', 'a\n']) {
      expect(await client.outcome('Register', { username })).toBe('INVALID_ARGUMENT');
    }
  });

  it('does not mind a session', async () => {
    const { token } = await client.enter('alice');
    expect(await client.outcome('Register', { username: 'zoe' }, token)).toBe(1);
    expect(await client.outcome('Register', { username: 'amy' }, 'f0'.repeat(16))).toBe(1);
  });
});

describe('Login', () => {
  it('answers 8 with a token of 128 bits, and another each time', async () => {
    const tokens = new Set<unknown>();
    for (let i = 0; i < 3; i++) {
      const { statusCode, messages, token } = await client.login('alice');
      expect([statusCode, messages]).toEqual([8, []]);
      expect(token).toMatch(/^[0-9a-f]{32}$/);
      tokens.add(token);
      await client.outcome('Logout', { username: 'alice' }, token);
    }
    expect(tokens.size).toBe(3);
  });

  it('answers 9 with the mailbox, in order', async () => {
    const bodies = Array.from({ length: 1_500 }, (_, i) => `message ${i}`);
    await stage.fillMailbox('alice', bodies);
    const { statusCode, messages } = await client.login('alice');
    expect(statusCode).toBe(9);
    expect(messages).toEqual(bodies.map((body) => ({ sender: 'bob', body })));
  });

  it('answers 10 and 11 without a token', async () => {
    expect(await client.login('zoe')).toEqual({ statusCode: 10, messages: [], token: undefined });
    await client.login('alice');
    const other = stage.client();
    expect(await other.login('alice')).toEqual({ statusCode: 11, messages: [], token: undefined });
    expect(await client.login('alice')).toMatchObject({ statusCode: 11, token: undefined });
  });

  it('answers 121 when it carries the token of a live session, whoever it names', async () => {
    const { token } = await client.login('alice');
    for (const username of ['alice', 'bob', 'zoe', '']) {
      expect(await client.outcome('Login', { username }, token)).toBe(121);
    }
    expect(await client.outcome('Logout', { username: 'alice' }, token)).toBe(40);
    expect(await client.outcome('Login', { username: 'bob' }, token)).toBe(8);
  });

  it('refuses what is no username with INVALID_ARGUMENT', async () => {
    expect(await client.outcome('Login', { username: 'a b' })).toBe('INVALID_ARGUMENT');
  });
});

describe('Search', () => {
  it('answers 16 with the names in order, or 17', async () => {
    await client.outcome('Register', { username: 'Zoe' });
    expect(await client.ask('Search', { query: '*' })).toMatchObject({
      statusCode: 16,
      results: ['Zoe', 'alice', 'bob'],
    });
    expect(await client.ask('Search', {})).toMatchObject({ results: ['Zoe', 'alice', 'bob'] });
    expect(await client.ask('Search', { query: 'z*' })).toMatchObject({
      statusCode: 17,
      results: [],
    });
  });

  it('answers 19 with the first 10,000', async () => {
    const names = Array.from({ length: 10_001 }, (_, i) => `n${`${i}`.padStart(49, '0')}`);
    await Promise.all(names.map((name) => stage.service.register(name)));
    const { statusCode, results } = await client.ask('Search', { query: 'n*' });
    expect([statusCode, results]).toEqual([19, names.slice(0, 10_000)]);
    expect(await client.outcome('Search', { query: 'n*1' })).toBe(16);
  });

  it('refuses what is no query with INVALID_ARGUMENT', async () => {
    for (const query of ['a b', 'q'.repeat(51)]) {
      expect(await client.outcome('Search', { query })).toBe('INVALID_ARGUMENT');
    }
  });
});

describe('Send', () => {
  it('answers 24, 25, 26 and 28', async () => {
    stage = await startStage({ users: ['alice', 'bob'], chatLimits: { mailboxMessagesMax: 1 } });
    client = stage.client();
    const { token } = await client.enter('alice');
    const send = (recipient: string) =>
      client.outcome('Send', { sender: 'alice', recipient, body: 'hi' }, token);
    expect([await send('alice'), await send('bob')]).toEqual([24, 25]);
    expect([await send('zoe'), await send('bob')]).toEqual([26, 28]);
  });

  it('refuses what is no message with INVALID_ARGUMENT, after UNAUTHENTICATED', async () => {
    const { token } = await client.enter('alice');
    for (const [recipient, body] of [
      ['b b', 'hi'],
      ['bob', ''],
      ['bob', '   '],
      ['bob', 'a|b'],
      ['bob', 'a\nb'],
      ['bob', '\u001b[2J'],
      ['bob', 'é'],
      ['bob', 'x'.repeat(263)],
    ]) {
      const message = { sender: 'alice', recipient, body };
      expect(await client.outcome('Send', message, token)).toBe('INVALID_ARGUMENT');
      expect(await client.outcome('Send', { ...message, sender: 'bob' }, token)).toBe(
        'UNAUTHENTICATED',
      );
    }
  });

  it('takes the longest message that there is', async () => {
    const name = 'n'.repeat(50);
    await client.outcome('Register', { username: name });
    const { token, subscription } = await client.enter(name);
    const body = 'x'.repeat(262);
    expect(await client.outcome('Send', { sender: name, recipient: name, body }, token)).toBe(24);
    expect(await subscription.take(1)).toEqual([{ sender: name, body }]);
  });
});

describe('Logout and Delete', () => {
  it('answer 40 and 48, and end the stream with OK', async () => {
    for (const [method, status] of [
      ['Logout', 40],
      ['Delete', 48],
    ] as const) {
      const { token, subscription } = await client.enter('alice');
      expect(await client.outcome(method, { username: 'alice' }, token)).toBe(status);
      expect(await subscription.ended).toBe('OK');
      expect(await client.outcome(method, { username: 'alice' }, token)).toBe('UNAUTHENTICATED');
    }
    expect((await client.login('alice')).statusCode).toBe(10);
  });

  it('give what was pushed before them to the stream', async () => {
    const { token, subscription } = await client.enter('alice');
    await stage.fillMailbox('alice', ['1', '2', '3']);
    await client.outcome('Logout', { username: 'alice' }, token);
    expect((await subscription.rest()).map(({ body }) => body)).toEqual(['1', '2', '3']);
  });
});

it('answers a call to nothing with UNIMPLEMENTED', async () => {
  const { status } = await import('@grpc/grpc-js');
  const error = await new Promise((resolve) => {
    const bytes = (value: Buffer) => value;
    client.stub.makeUnaryRequest('/MessageService/Quit', bytes, bytes, Buffer.of(), resolve);
  });
  expect(error).toMatchObject({ code: status.UNIMPLEMENTED });
});

describe('more calls at once than a connection may have', () => {
  it('wait in their client, and none is refused while no other client comes', async () => {
    const outcomes = new Set<number | string>();
    let calls = 5_000;
    const ask = async () => {
      while (calls-- > 0) outcomes.add(await client.outcome('Search', { query: 'alice' }));
    };
    await Promise.all(Array.from({ length: 256 }, ask));
    expect([...outcomes]).toEqual([Status.found]);
  });
});

import { once } from 'node:events';
import { connect as connectSession } from 'node:http2';
import { connect } from 'node:net';
import { describe, expect, it } from 'vitest';
import { type Stage, startStage } from '../fixture.ts';
import { RawSession } from '../hostile/raw-session.ts';
import type { TestClient } from '../test-client.ts';

/** Everything that a call in alice's name is answered with. */
async function actingAsAlice(client: TestClient, token?: string): Promise<unknown[]> {
  const username = 'alice';
  return [
    await client.outcome('Send', { sender: username, recipient: 'bob', body: 'hi' }, token),
    await client.outcome('Acknowledge', { username, count: 1 }, token),
    await client.outcome('Acknowledge', { username, count: 99 }, token),
    await client.subscribe(username, token).ended,
    await client.outcome('Logout', { username }, token),
    await client.outcome('Delete', { username }, token),
  ];
}

const refused = Array(6).fill('UNAUTHENTICATED');

/** Alice has a session with one message unacknowledged; she must still have it after `attack`. */
async function aliceSurvives(attack: (stage: Stage, token: string) => Promise<void>) {
  const stage = await startStage({ users: ['alice', 'bob'] });
  const client = stage.client();
  const { token, subscription } = await client.enter('alice', { acknowledges: true });
  await stage.fillMailbox('alice', ['1']);
  await subscription.take(1);
  await attack(stage, token);
  await stage.fillMailbox('alice', ['2']);
  expect((await subscription.take(1))[0]?.body).toBe('2');
  expect(await client.outcome('Logout', { username: 'alice' }, token)).toBe(40);
  expect(await stage.unread('alice')).toEqual(['1', '2']);
  expect(await stage.unread('bob')).toEqual([]);
}

describe('acting for a user is refused', () => {
  it('with no token, from another connection', async () => {
    await aliceSurvives(async (stage) => {
      expect(await actingAsAlice(stage.client())).toEqual(refused);
    });
  });

  for (const [name, token] of [
    ['invented', 'f0'.repeat(16)],
    ['empty', ''],
    ['huge', 'f'.repeat(5_000)],
    ['the name of something else', '__proto__'],
  ] as const) {
    it(`with a token that is ${name}`, async () => {
      await aliceSurvives(async (stage) => {
        expect(await actingAsAlice(stage.client(), token)).toEqual(refused);
      });
    });
  }

  it("with another user's token, or a session of their own on the connection", async () => {
    await aliceSurvives(async (stage) => {
      const client = stage.client();
      const bob = await client.enter('bob');
      expect(await actingAsAlice(client, bob.token)).toEqual(refused);
      expect(await actingAsAlice(client)).toEqual(refused);
      expect(await client.outcome('Logout', { username: 'bob' }, bob.token)).toBe(40);
    });
  });

  it('with a token of a session that has ended', async () => {
    const stage = await startStage({ users: ['alice', 'bob'] });
    const client = stage.client();
    const old = await client.enter('alice');
    await client.outcome('Logout', { username: 'alice' }, old.token);
    const { token } = await client.enter('alice');
    expect(await actingAsAlice(client, old.token)).toEqual(refused);
    expect(await client.outcome('Logout', { username: 'alice' }, token)).toBe(40);
  });

  it('on the connection that logged in, when it sends a token that is wrong', async () => {
    const stage = await startStage({ users: ['alice', 'bob'] });
    const client = stage.client();
    const { subscription } = await client.enter('alice');
    expect(await actingAsAlice(client, 'f0'.repeat(16))).toEqual(refused);
    await stage.fillMailbox('alice', ['1']);
    await subscription.take(1);
    expect(await client.outcome('Logout', { username: 'alice' })).toBe(40);
  });

  it('with the right token in another form, twice, or with another scheme', async () => {
    await aliceSurvives(async (stage, token) => {
      const raw = await RawSession.connect(stage.server.port);
      for (const authorization of [
        token,
        `Basic ${token}`,
        `Bearer  ${token}`,
        `Bearer ${token} `.padEnd(50, '.'),
        `Bearer ${token.toUpperCase()}.`,
        `Bearer ${token}, Bearer ${token}`,
        'Bearer',
        '',
      ]) {
        const headers = { authorization };
        const answer = await raw.call('Logout', raw.username('alice'), headers);
        expect([authorization, answer.grpcStatus]).toEqual([authorization, 16]);
      }
      raw.destroy();
    });
  });

  it('by a Converse stream of the same connection', async () => {
    await aliceSurvives(async (stage) => {
      const client = stage.client();
      const bob = await client.enter('bob');
      const stream = client.converse();
      stream.say(
        { send: { sender: 'alice', recipient: 'bob', body: 'hi' } },
        { logout: { username: 'alice' } },
        { delete: { username: 'alice' } },
        { acknowledge: { username: 'alice', count: 1 } },
        { login: { username: 'alice' } },
      );
      expect(await stream.statuses(4)).toEqual([120, 120, 120, 11]);
      stream.end();
      expect(await client.outcome('Logout', { username: 'bob' }, bob.token)).toBe(40);
    });
  });
});

describe('acting for oneself', () => {
  it('works with the token from any connection', async () => {
    const stage = await startStage({ users: ['alice', 'bob'] });
    const { token } = await stage.client().enter('alice');
    const other = stage.client();
    const message = { sender: 'alice', recipient: 'bob', body: 'hi' };
    expect(await other.outcome('Send', message, token)).toBe(25);
    expect(await other.outcome('Logout', { username: 'alice' }, token)).toBe(40);
  });

  it('works without a token on the connection that logged in', async () => {
    const stage = await startStage({ users: ['alice', 'bob'] });
    const client = stage.client();
    await client.login('alice');
    const subscription = client.subscribe('alice');
    const message = { sender: 'alice', recipient: 'alice', body: 'hi' };
    expect(await client.outcome('Send', message)).toBe(24);
    expect(await subscription.take(1)).toEqual([{ sender: 'alice', body: 'hi' }]);
    expect(await client.outcome('Delete', { username: 'alice' })).toBe(48);
  });

  it('works over IPv6 too', async () => {
    const stage = await startStage({ users: ['alice'], host: '::1' }).catch(() => undefined);
    if (stage === undefined) return;
    const client = stage.client();
    await client.login('alice');
    expect(await client.outcome('Logout', { username: 'alice' })).toBe(40);
  });
});

it('forgets who a connection was when it is gone, though its port is used again', async () => {
  const stage = await startStage({ users: ['alice', 'bob'] });
  const from = async (localPort?: number) => {
    const socket = connect({
      port: stage.server.port,
      host: '127.0.0.1',
      // An address that no other test speaks from, so that nobody else takes the port meanwhile.
      localAddress: '127.0.0.77',
      ...(localPort === undefined ? {} : { localPort }),
    });
    await once(socket, 'connect');
    return {
      socket,
      session: new RawSession(connectSession('http://x', { createConnection: () => socket })),
    };
  };
  const alice = await from();
  const port = alice.socket.localPort;
  const login = await alice.session.call('Login', alice.session.username('alice'));
  expect(login.grpcStatus).toBe(0);
  // Her session lives on: its stream is on another connection.
  const token = `${login.headers['session-token']}`;
  const subscription = stage.client().subscribe('alice', token);
  await stage.fillMailbox('alice', ['1']);
  await subscription.take(1);
  alice.socket.resetAndDestroy();
  await once(alice.socket, 'close');

  const stranger = await from(port);
  expect(stranger.socket.localPort).toBe(port);
  for (const method of ['Logout', 'Delete'] as const) {
    const answer = await stranger.session.call(method, stranger.session.username('alice'));
    expect(answer.grpcStatus).toBe(16);
  }
  expect(await stage.client().outcome('Logout', { username: 'alice' }, token)).toBe(40);
  stranger.session.destroy();
});

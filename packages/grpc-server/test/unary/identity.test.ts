import { MemoryStore } from '@tandem/chat';
import { beforeEach, describe, expect, it } from 'vitest';
import { type Stage, startStage } from '../fixture.ts';
import type { TestClient } from '../test-client.ts';

const alice = { username: 'alice', secret: 'correct horse' };
let stage: Stage;
let client: TestClient;

beforeEach(async () => {
  stage = await startStage({ users: ['bob'] });
  client = stage.client();
  expect(await client.outcome('RegisterWithSecret', alice)).toBe(1);
});

describe('an account with a secret', () => {
  it('is UNAUTHENTICATED to Login, and 14 to another secret', async () => {
    expect(await client.outcome('Login', { username: 'alice' })).toBe('UNAUTHENTICATED');
    expect(await client.outcome('LoginWithSecret', { ...alice, secret: 'wrong' })).toBe(14);
    expect(await client.outcome('LoginWithSecret', { ...alice, username: 'zoe' })).toBe(14);
  });

  it('is logged in with its secret, with a token for the session and one to resume it', async () => {
    const login = await client.ask('LoginWithSecret', alice);
    expect(login).toMatchObject({ statusCode: 8, messages: [], retryAfterSeconds: 0 });
    expect(login.token).toMatch(/^[0-9a-f]{32}$/);
    expect(login.resumeToken).toMatch(/^[A-Za-z0-9_-]{43}$/);
    const send = { sender: 'alice', recipient: 'bob', body: 'hi' };
    expect(await client.outcome('Send', send, login.token)).toBe(25);
  });

  it('goes on at another connection, and ends its stream here with ABORTED', async () => {
    const login = await client.ask('LoginWithSecret', { ...alice, acknowledges: true });
    const stream = client.subscribe('alice', login.token);
    const resume = { username: 'alice', token: login.resumeToken, count: 0, acknowledges: true };
    const other = stage.client();
    const resumed = await other.ask('Resume', resume);
    expect(resumed).toMatchObject({ statusCode: 8, messages: [] });
    expect(resumed.resumeToken).not.toBe(login.resumeToken);
    expect(await stream.ended).toBe('ABORTED');
    const logout = { username: 'alice' };
    expect(await client.outcome('Logout', logout, login.token)).toBe('UNAUTHENTICATED');
    expect(await other.outcome('Logout', logout, resumed.token)).toBe(40);
    expect(await other.outcome('Resume', { ...resume, token: resumed.resumeToken })).toBe(15);
  });

  it('is ABORTED to a resume that another one overtakes before its mailbox is read', async () => {
    const store = new MemoryStore();
    const read = store.readMessages.bind(store);
    const goOn = Promise.withResolvers<void>();
    let reads = 0;
    stage = await startStage({ users: ['bob'], store });
    client = stage.client();
    await client.outcome('RegisterWithSecret', alice);
    const { resumeToken } = await client.ask('LoginWithSecret', alice);
    const bob = await stage.client().ask('Login', { username: 'bob' });
    const message = { sender: 'bob', recipient: 'alice', body: 'hi' };
    expect(await client.outcome('Send', message, bob.token)).toBe(24);
    store.readMessages = async (...mailbox) => {
      reads++;
      await goOn.promise;
      return read(...mailbox);
    };
    const resume = { username: 'alice', token: resumeToken, count: 0, acknowledges: true };
    const overtaken = client.outcome('Resume', resume);
    await expect.poll(() => reads).toBe(1);
    const resumed = stage.client().outcome('Resume', resume);
    await expect.poll(() => reads).toBe(2);
    goOn.resolve();
    expect(await Promise.all([overtaken, resumed])).toEqual(['ABORTED', 9]);
  });

  it('is INVALID_ARGUMENT to a resume that has taken more than was sent, or says nothing sensible', async () => {
    const { resumeToken } = await client.ask('LoginWithSecret', alice);
    const other = stage.client();
    for (const wrong of [
      { username: 'alice', token: resumeToken, count: 1 },
      { username: 'alice', token: 'short', count: 0 },
      { username: 'no one', token: resumeToken, count: 0 },
    ]) {
      expect(await other.outcome('Resume', wrong)).toBe('INVALID_ARGUMENT');
    }
  });

  it('has its secret changed and removed in its session alone', async () => {
    const login = await client.ask('LoginWithSecret', alice);
    const change = { username: 'alice', current: alice.secret, secret: 'another horse' };
    expect(await client.outcome('ChangeSecret', change, 'f0'.repeat(16))).toBe('UNAUTHENTICATED');
    const changed = await client.ask('ChangeSecret', change, login.token);
    expect(changed).toMatchObject({ statusCode: 64 });
    expect(changed.resumeToken).toMatch(/^[A-Za-z0-9_-]{43}$/);
    expect(await client.outcome('ChangeSecret', change, login.token)).toBe(65);
    const removal = { username: 'alice', current: 'another horse', secret: '' };
    const removed = await client.ask('ChangeSecret', removal, login.token);
    expect(removed).toMatchObject({ statusCode: 64, resumeToken: '' });
  });
});

describe('a call without a token, where connections are known', () => {
  /** Returns the outcomes of all that changes something in the name of a user, without a token. */
  async function tryAll(username: string): Promise<ReadonlySet<unknown>> {
    const calls = [
      ['Send', { sender: username, recipient: username, body: 'hi' }],
      ['Acknowledge', { username, count: 0 }],
      ['Block', { username, name: 'zoe' }],
      ['ChangeSecret', { username, current: '', secret: 'another horse' }],
      ['Logout', { username }],
      ['Delete', { username }],
    ] as const;
    const outcomes = new Set<unknown>();
    for (const [method, request] of calls) outcomes.add(await client.outcome(method, request));
    outcomes.add(await client.subscribe(username).ended);
    return outcomes;
  }
  const nothing = new Set(['UNAUTHENTICATED']);

  it('acts for no user who logged in there with a secret, or resumed', async () => {
    const login = await client.ask('LoginWithSecret', alice);
    expect(await tryAll('alice')).toEqual(nothing);
    const resume = { username: 'alice', token: login.resumeToken, count: 0 };
    const resumed = await client.ask('Resume', resume);
    expect(await tryAll('alice')).toEqual(nothing);
    expect(await client.outcome('Logout', { username: 'alice' }, resumed.token)).toBe(40);
  });

  it('acts no more for a user who has given the account a secret there', async () => {
    const { token } = await client.enter('bob');
    const send = { sender: 'bob', recipient: 'bob', body: 'hi' };
    expect(await client.outcome('Send', send)).toBe(24);
    const weak = { username: 'bob', current: '', secret: 'short' };
    expect(await client.outcome('ChangeSecret', weak)).toBe(117);
    const change = { ...weak, secret: alice.secret };
    expect(await client.outcome('ChangeSecret', change)).toBe(64);
    expect(await tryAll('bob')).toEqual(nothing);
    expect(await client.outcome('Send', send, token)).toBe(24);
  });
});

it('blocks and unblocks', async () => {
  const { token } = await client.ask('LoginWithSecret', alice);
  const bob = await client.enter('bob');
  const block = { username: 'alice', name: 'bob' };
  const send = { sender: 'bob', recipient: 'alice', body: 'hi' };
  expect(await client.outcome('Block', block, bob.token)).toBe('UNAUTHENTICATED');
  expect(await client.outcome('Block', block, token)).toBe(72);
  expect(await client.outcome('Send', send, bob.token)).toBe(26);
  expect(await client.outcome('Unblock', block, token)).toBe(80);
  expect(await client.outcome('Send', send, bob.token)).toBe(24);
});

it('counts registers outside any session for the address that they come from', async () => {
  const usage = { registersPerAddress: 2 };
  const limited = await startStage({ usage });
  const [one, other] = [limited.client(), limited.client()];
  expect(await one.outcome('Register', { username: 'amy' })).toBe(1);
  expect(await other.outcome('RegisterWithSecret', { ...alice, username: 'zoe' })).toBe(1);
  expect(await one.outcome('Register', { username: 'eve' })).toBe('RESOURCE_EXHAUSTED');
  expect(await other.outcome('Register', { username: 'eve' })).toBe('RESOURCE_EXHAUSTED');
});

it('gives back with a connection what its calls outside any session had taken in advance', async () => {
  const limited = await startStage({ usage: { searchesPerAddress: 64 } });
  for (let i = 0; i < 5; i++) {
    const one = limited.client();
    expect(await one.outcome('Search', { query: 'nobody' })).toBe(17);
    one.close();
    await limited.until(() => limited.server.connectionCount === 1);
  }
});

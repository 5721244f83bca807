import { rmSync } from 'node:fs';
import { Status } from '@tandem/core';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import {
  ChatService,
  type ClientAgent,
  type IdentitySettings,
  MemoryStore,
  type Origin,
  type Receiver,
  SqliteStore,
  type Store,
} from '../../src/index.ts';
import { listed } from '../listed.ts';
import { turn } from '../stage.ts';
import { GatedStore } from '../store/gated-store.ts';
import { newDataDirectory } from '../store/sqlite/data-directory.ts';

const secret = 'correct horse';
/** A secret that many people choose. */
const common = 'sunshine';

/** Keeps secrets as they are, and says whether they are right when it is told to. */
class Hasher {
  /** The secrets whose hashing has begun, in order. */
  readonly begun: string[] = [];
  #gate: PromiseWithResolvers<void> | undefined;

  hold(): void {
    this.#gate = Promise.withResolvers();
  }

  release(): void {
    this.#gate?.resolve();
  }

  async hash(text: string): Promise<string | undefined> {
    this.begun.push(text);
    await this.#gate?.promise;
    return text === common ? undefined : text;
  }

  async verify(text: string, kept: string | undefined): Promise<boolean> {
    this.begun.push(text);
    await this.#gate?.promise;
    return text === kept;
  }

  async close(): Promise<void> {}
}

async function open(
  store: Store = new MemoryStore(),
  settings: Partial<IdentitySettings> = {},
): Promise<ChatService> {
  const identity = { hasher: new Hasher(), ...settings };
  const service = await ChatService.open({ store, identity });
  onTestFinished(() => service.close());
  return service;
}

function connect(service: ChatService, pushed: string[] = [], origin?: Origin): ClientAgent {
  const receiver: Receiver = {
    push: ({ body }) => void pushed.push(body),
    mailboxFailed: () => {},
    resumedElsewhere: () => void pushed.push('resumed elsewhere'),
    dismissed: () => void pushed.push('dismissed'),
  };
  return service.connect(receiver, origin);
}

/** Logs in with the secret, and returns the token. */
async function tokenOf(agent: ClientAgent, username = 'ann'): Promise<string> {
  const login = await agent.loginWithSecret(username, secret);
  if (!('session' in login) || login.token === undefined) throw new Error(`${login.status}`);
  login.session.goLive();
  return login.token;
}

describe('who may make accounts', () => {
  it.each([
    ['open', Status.registered, Status.registered, Status.secretChanged],
    ['protected', Status.notLoggedIn, Status.registered, Status.secretTooWeak],
    ['closed', Status.notLoggedIn, Status.notLoggedIn, Status.secretTooWeak],
  ] as const)('is as the server is told: %s', async (accounts, without, withSecret, removal) => {
    const store = new MemoryStore();
    const service = await open(store, { accounts });
    expect(await service.register('ann')).toEqual({ status: without });
    expect(await service.register('bob', secret)).toEqual({ status: withSecret });
    if (withSecret !== Status.registered) return;
    const bob = connect(service);
    await tokenOf(bob, 'bob');
    expect((await bob.changeSecret('bob', secret, '')).status).toBe(removal);
  });

  it('is nobody who has a secret, where none can be hashed', async () => {
    const service = await open(new MemoryStore(), { hasher: undefined });
    expect(await service.register('ann', secret)).toEqual({ status: Status.noSecrets });
    const agent = connect(service);
    expect(await agent.loginWithSecret('ann', secret)).toEqual({ status: Status.noSecrets });
    await service.register('ann');
    await agent.login('ann');
    expect(await agent.changeSecret('ann', '', secret)).toEqual({ status: Status.noSecrets });
  });
});

describe('what is decided when a secret is known', () => {
  it('looks again: a name can be taken meanwhile, and a client gone', async () => {
    const hasher = new Hasher();
    const service = await open(new MemoryStore(), { hasher });
    hasher.hold();
    const registers = [service.register('ann', secret), service.register('ann', 'another horse')];
    await service.register('bob');
    const bob = service.register('bob', secret);
    hasher.release();
    const outcomes = await Promise.all(registers);
    expect(outcomes.map(({ status }) => status)).toEqual([Status.registered, Status.usernameTaken]);
    expect(await bob).toEqual({ status: Status.usernameTaken });

    hasher.hold();
    const gone = connect(service);
    const login = gone.loginWithSecret('ann', secret);
    gone.leave();
    hasher.release();
    expect(await login).toEqual({ status: Status.unknownError });
    expect(await connect(service).loginWithSecret('ann', secret)).toMatchObject({
      status: Status.loggedIn,
    });
  });

  it('is wrong though the client is gone that guessed it', async () => {
    const hasher = new Hasher();
    const service = await open(new MemoryStore(), { hasher });
    await service.register('ann', secret);
    hasher.hold();
    const gone = connect(service);
    const login = gone.loginWithSecret('ann', 'another horse');
    gone.leave();
    hasher.release();
    expect(await login).toEqual({ status: Status.wrongSecret });
  });

  it('is another account’s secret no more when the name has changed hands', async () => {
    const hasher = new Hasher();
    const service = await open(new MemoryStore(), { hasher });
    await service.register('ann', secret);
    const ann = connect(service);
    await tokenOf(ann);
    hasher.hold();
    const login = connect(service).loginWithSecret('ann', secret);
    const change = ann.changeSecret('ann', secret, 'another horse');
    await ann.delete('ann');
    hasher.release();
    expect(await login).toEqual({ status: Status.wrongSecret });
    expect(await change).toEqual({ status: Status.wrongCurrentSecret });
  });

  it('is not hashed for a login or a change whose client is gone', async () => {
    const hasher = new Hasher();
    const service = await open(new MemoryStore(), { hasher });
    await service.register('ann', secret);
    const [ann, late] = [connect(service), connect(service)];
    await tokenOf(ann);
    hasher.begun.length = 0;
    hasher.hold();
    const register = service.register('bob', 'battery staple');
    const change = ann.changeSecret('ann', secret, 'another horse');
    const login = late.loginWithSecret('ann', secret);
    for (const gone of [ann, late]) gone.leave();
    hasher.release();
    expect(await register).toEqual({ status: Status.registered });
    expect(await change).toEqual({ status: Status.notLoggedIn });
    expect(await login).toEqual({ status: Status.unknownError });
    expect(hasher.begun).toEqual(['battery staple']);
  });
});

describe('one try too many', () => {
  const perAddress = { burst: 50, perSecond: 1 };

  it.each([
    { what: 'one to two seconds', perSecond: 1 / 60, heldMs: 2_000, retryAfterS: [58, 59] },
    {
      what: 'half of the time to wait or more, where that is less',
      perSecond: 2,
      heldMs: 500,
      retryAfterS: [1],
    },
  ])('is refused after $what, and others have their responses at once', async (row) => {
    const { perSecond, heldMs, retryAfterS } = row;
    const tries = { perAccount: { burst: 1, perSecond }, perAddress };
    const service = await open(new MemoryStore(), { tries });
    for (const name of ['ann', 'bob']) await service.register(name, secret);
    vi.useFakeTimers({ toFake: ['setTimeout', 'Date', 'performance'] });
    onTestFinished(() => void vi.useRealTimers());
    const guesser = connect(service);
    expect((await guesser.loginWithSecret('ann', 'a')).status).toBe(Status.wrongSecret);
    let outcome: object | undefined;
    void guesser.loginWithSecret('ann', secret).then((refused) => {
      outcome = refused;
    });
    await tokenOf(connect(service), 'bob');
    await vi.advanceTimersByTimeAsync(heldMs / 2 - 1);
    expect(outcome).toBeUndefined();
    await vi.advanceTimersByTimeAsync(heldMs / 2 + 1);
    expect(
      retryAfterS.map((s) => ({ status: Status.tooManyTries, retryAfterS: s })),
    ).toContainEqual(outcome);
  });

  it('keeps nothing for a client that is gone', async () => {
    const tries = { perAccount: { burst: 1, perSecond: 1 / 60 }, perAddress };
    const service = await open(new MemoryStore(), { tries });
    await service.register('ann', secret);
    const guesser = connect(service);
    expect((await guesser.loginWithSecret('ann', 'a')).status).toBe(Status.wrongSecret);
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    onTestFinished(() => void vi.useRealTimers());
    const guess = guesser.loginWithSecret('ann', secret);
    expect(vi.getTimerCount()).toBe(1);
    guesser.leave();
    expect(await guess).toEqual({ status: Status.unknownError });
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe('right secrets that are tried at once', () => {
  const users = Array.from({ length: 8 }, (_, i) => `user${i}`);
  const tries = {
    perAccount: { burst: 2, perSecond: 1 / 60 },
    perAddress: { burst: 3, perSecond: 1 / 60 },
  };
  const { loggedIn, tooBusy, tooManyTries, wrongSecret } = Status;

  it.each([
    { what: 'do not count, however many', said: secret, inTime: true, later: loggedIn },
    { what: 'are refused as too many while they take long', said: secret, later: tooBusy },
    { what: 'count when they are wrong', said: 'wrong', inTime: true, later: tooManyTries },
  ])('$what', async ({ said, inTime = false, later }) => {
    const hasher = new Hasher();
    const service = await open(new MemoryStore(), { hasher, tries });
    for (const name of users) await service.register(name, secret);
    vi.useFakeTimers({ toFake: ['setTimeout', 'Date', 'performance'] });
    onTestFinished(() => void vi.useRealTimers());
    hasher.hold();
    const logins = users.map((name) =>
      connect(service, [], { address: 'here' }).loginWithSecret(name, said),
    );
    if (inTime) hasher.release();
    await vi.advanceTimersByTimeAsync(2_000);
    hasher.release();
    const statuses = (await Promise.all(logins)).map(({ status }) => status);
    const first = said === secret ? loggedIn : wrongSecret;
    expect(statuses).toEqual([...Array(3).fill(first), ...Array(5).fill(later)]);
  });
});

describe('a flood of registers from one address', () => {
  const flooding = 'battery staple';
  const changed = 'another horse';

  interface Other {
    readonly ask: (stage: {
      readonly service: ChatService;
      readonly guest: ClientAgent;
      readonly bob: ClientAgent;
    }) => Promise<{ readonly status: Status }>;
    readonly status: Status;
    /** The secrets that are hashed for it. */
    readonly hashes: readonly string[];
  }

  const others: Readonly<Record<string, Other>> = {
    login: {
      ask: ({ guest }) => guest.loginWithSecret('ann', secret),
      status: Status.loggedIn,
      hashes: [secret],
    },
    register: {
      ask: ({ guest }) => guest.register('cid', secret),
      status: Status.registered,
      hashes: [secret],
    },
    'change of a secret': {
      ask: ({ bob }) => bob.changeSecret('bob', secret, changed),
      status: Status.secretChanged,
      hashes: [secret, changed],
    },
    'secret that the operator gives': {
      ask: async ({ service }) => ({
        status: await service.administration.resetSecret('bob', changed),
      }),
      status: Status.secretChanged,
      hashes: [changed],
    },
  };

  it.each(
    Object.entries(others).flatMap(([name, other]) => [
      [name, 1, other] as const,
      [name, 100, other] as const,
    ]),
  )('costs others few turns: a %s, beside a flood over %i connections', async (...row) => {
    const [, connections, other] = row;
    const hasher = new Hasher();
    const service = await open(new MemoryStore(), { hasher });
    for (const name of ['ann', 'bob']) await service.register(name, secret);
    const guest = connect(service, [], { address: 'here' });
    const bob = connect(service, [], { address: 'here' });
    await tokenOf(bob, 'bob');
    const greedy = Array.from({ length: connections }, () =>
      connect(service, [], { address: 'there' }),
    );
    hasher.begun.length = 0;
    hasher.hold();
    const flood = Array.from({ length: 200 }, (_, i) =>
      (greedy[i % connections] as ClientAgent).register(`flood${i}`, flooding),
    );
    const answer = other.ask({ service, guest, bob });
    hasher.release();
    expect(await answer).toMatchObject({ status: other.status });
    // For each of its secrets the one that is worked on goes first, one of the flood, and those that are
    // hashed before the next one is asked for.
    const last = other.hashes.at(-1) as string;
    expect(hasher.begun.indexOf(last)).toBeLessThan(4 * other.hashes.length);
    const statuses = (await Promise.all(flood)).map(({ status }) => status);
    expect(new Set(statuses)).toEqual(new Set([Status.registered, Status.tooBusy]));
  });
});

describe('a store that fails', () => {
  it('gives no token to a login, which succeeds', async () => {
    const store = new GatedStore();
    const service = await open(store);
    await service.register('ann', secret);
    store.fail('setCredentials');
    const login = await connect(service).loginWithSecret('ann', secret);
    expect(login).toMatchObject({ status: Status.loggedIn, token: undefined });
  });

  it('leaves a secret as it was', async () => {
    const store = new GatedStore();
    const service = await open(store);
    await service.register('ann', secret);
    const ann = connect(service);
    await tokenOf(ann);
    const arrived = store.hold('setCredentials');
    const changes = [
      ann.changeSecret('ann', secret, 'another horse'),
      ann.changeSecret('ann', secret, 'a third horse'),
    ];
    await arrived;
    store.fail('setCredentials');
    for (const { status } of await Promise.all(changes)) {
      expect([Status.unknownError, Status.wrongCurrentSecret]).toContain(status);
    }
    ann.end();
    store.release('setCredentials');
    await tokenOf(connect(service));
  });

  it('leaves blocks as they were', async () => {
    const store = new GatedStore();
    const service = await open(store);
    for (const name of ['ann', 'bob']) await service.register(name);
    const [ann, bob] = [connect(service), connect(service)];
    await ann.login('ann');
    await bob.login('bob');
    store.fail('setBlocked');
    expect(await ann.setBlocked('ann', 'bob', true)).toEqual({ status: Status.unknownError });
    expect(await bob.send('bob', 'ann', 'hi')).toEqual({ status: Status.delivered });
  });
});

it('takes 1,000 blocks of a user, and answers 74 to the next one until there is room', async () => {
  const service = await open();
  const names = Array.from({ length: 1_001 }, (_, i) => `user${i}`);
  for (const name of ['ann', ...names]) await service.register(name);
  const ann = connect(service);
  await ann.login('ann');
  const statusOf = async (name: string, blocked: boolean) =>
    (await ann.setBlocked('ann', name, blocked)).status;
  const [first = '', last = ''] = [names[0], names.at(-1)];
  for (const name of names.slice(0, -1)) expect(await statusOf(name, true)).toBe(Status.blocked);
  expect(await statusOf(last, true)).toBe(Status.tooManyBlocked);
  expect(await statusOf(first, true)).toBe(Status.blocked);
  expect(await statusOf(first, false)).toBe(Status.unblocked);
  expect(await statusOf(last, true)).toBe(Status.blocked);
});

it('takes no secret that many people take', async () => {
  const service = await open();
  expect(await service.register('ann', common)).toEqual({ status: Status.secretTooWeak });
  await service.register('ann', secret);
  expect(await service.register('ann', common)).toEqual({ status: Status.usernameTaken });
  const ann = connect(service);
  await tokenOf(ann);
  const weak = { status: Status.secretTooWeak };
  expect(await ann.changeSecret('ann', secret, common)).toEqual(weak);
  expect(await connect(service).loginWithSecret('ann', common)).toEqual({
    status: Status.wrongSecret,
  });
});

describe('a session that is resumed', () => {
  it('is there after a restart, with its mailbox, counts, blocks and tokens', async () => {
    const directory = newDataDirectory();
    onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
    const first = await open(await SqliteStore.open({ directory }));
    for (const name of ['ann', 'cid']) await first.register(name, secret);
    const [ann, cid] = [connect(first), connect(first)];
    const token = await tokenOf(ann);
    await tokenOf(cid, 'cid');
    await ann.setBlocked('ann', 'cid', true);
    for (const body of ['one', 'two']) await first.post('bob', 'ann', body);
    await first.close();

    const second = await open(await SqliteStore.open({ directory }));
    const again = connect(second);
    const resumed = await again.resume('ann', token, 1);
    expect(resumed).toMatchObject({ status: Status.loggedInUnread, session: { unread: 1 } });
    expect(await second.post('cid', 'ann', 'hi')).toEqual({ status: Status.noSuchUser });
    expect(await connect(second).login('cid')).toEqual({ status: Status.notLoggedIn });
  });

  it('does not take the count of the session before for its own', async () => {
    const service = await open();
    await service.register('ann', secret);
    const token = await tokenOf(connect(service));
    await service.post('bob', 'ann', 'one');
    expect(await connect(service).resume('ann', token, 1)).toMatchObject({
      session: { unread: 0 },
    });
    await service.post('bob', 'ann', 'two');
    // The response with the new token was lost: the client knows of no other session than the first.
    expect(await connect(service).resume('ann', token, 1)).toMatchObject({
      session: { unread: 1 },
    });
  });

  it('is answered when what was taken is forgotten for good, and 127 when that fails', async () => {
    const store = new GatedStore();
    const service = await open(store);
    await service.register('ann', secret);
    const ann = connect(service);
    const token = await tokenOf(ann);
    await service.post('bob', 'ann', 'hi');
    ann.leave();
    const removing = store.hold('removeMessages');
    const failed = connect(service).resume('ann', token, 1);
    await removing;
    store.fail('removeMessages');
    expect(await failed).toEqual({ status: Status.unknownError });
    store.release('removeMessages');
    expect(await connect(service).resume('ann', token, 1)).toMatchObject({
      status: Status.loggedIn,
    });
  });

  it('is remembered beside 999 that ended later, not to mention those that are not to be remembered', async () => {
    const service = await ChatService.open({
      store: new MemoryStore(),
      identity: { hasher: new Hasher() },
      limits: { windowMessagesMax: 1 },
    });
    onTestFinished(() => service.close());
    const begin = async (name: string, unread: number): Promise<[ClientAgent, string]> => {
      await service.register(name, secret);
      for (let i = 0; i < unread; i++) await service.post('bob', name, 'hi');
      const agent = connect(service);
      const login = await agent.loginWithSecret(name, secret);
      if (!('session' in login) || login.token === undefined) throw new Error(`${login.status}`);
      await login.session.readUnread(unread);
      return [agent, login.token];
    };
    const [ann, token] = await begin('ann', 1);
    ann.leave();
    const falseCount = () => connect(service).resume('ann', token, 2);
    for (let i = 0; i < 999; i++) (await begin(`other${i}`, 1))[0].leave();
    for (let i = 0; i < 9; i++) {
      // More than a window is unacknowledged; or nobody can resume it.
      (await begin(`greedy${i}`, 2))[0].leave();
      await (await begin(`gone${i}`, 0))[0].logout(`gone${i}`);
    }
    expect(await falseCount()).toEqual({ status: Status.badOperation });
    (await begin('last', 1))[0].leave();
    expect(await falseCount()).toMatchObject({ session: { unread: 0 } });
  });

  it('ends after a stated time', async () => {
    const service = await open(new MemoryStore(), { resumeMs: 0 });
    await service.register('ann', secret);
    const token = await tokenOf(connect(service));
    expect(await connect(service).resume('ann', token, 0)).toEqual({
      status: Status.notResumable,
    });
  });

  it('is never held by two, however many resume it at once', async () => {
    const service = await open();
    await service.register('ann', secret);
    const heard: string[] = [];
    const token = await tokenOf(connect(service, heard));
    const agents = Array.from({ length: 5 }, () => connect(service, heard));
    const resumed = await Promise.all(agents.map((agent) => agent.resume('ann', token, 0)));
    for (const result of resumed) if ('session' in result) result.session.goLive();
    expect(agents.filter(({ username }) => username === 'ann')).toHaveLength(1);
    expect(heard).toEqual(Array(5).fill('resumed elsewhere'));
    await service.post('bob', 'ann', 'hi');
    await turn();
    expect(heard.filter((text) => text === 'hi')).toHaveLength(1);
  });
});

it('blocks a name also when its user is another one, and nobody for a user of a name that blocked', async () => {
  const service = await open();
  for (const name of ['ann', 'bob']) await service.register(name);
  const [ann, bob] = [connect(service), connect(service)];
  await ann.login('ann');
  await bob.login('bob');
  await ann.setBlocked('ann', 'bob', true);
  await bob.delete('bob');
  await bob.register('bob');
  await bob.login('bob');
  expect(await bob.send('bob', 'ann', 'hi')).toEqual({ status: Status.noSuchUser });
  await ann.delete('ann');
  await ann.register('ann');
  expect(await bob.send('bob', 'ann', 'hi')).toEqual({ status: Status.stored });
});

describe('the first check that fails answers', () => {
  const long = 'ab'.repeat(64);
  const tooLong = `${long}x`;
  const noText = `\u007f${tooLong}`;
  const none = 'A'.repeat(43);

  type Ask = (agent: ClientAgent) => Promise<{ readonly status: Status }>;
  const resume = (name: string, token: string, count?: number): Ask => {
    return (agent) => agent.resume(name, token, count);
  };
  const login = (name: string, said: string): Ask => {
    return (agent) => agent.loginWithSecret(name, said);
  };
  const register = (name: string, said: string): Ask => {
    return (agent) => agent.register(name, said);
  };
  const change = (name: string, current: string, next: string): Ask => {
    return (agent) => agent.changeSecret(name, current, next);
  };

  // As in PROTOCOL 5.4: each breaks the rule of its check, and those of all later ones that it can.
  it.each<[string, 'outside' | 'inside', number, Ask]>([
    ['login in a session', 'inside', 121, login('no one', noText)],
    ['login with no username', 'outside', 122, login('no one', tooLong)],
    ['login with no secret', 'outside', 122, login('nobody', noText)],
    ['login with a long secret', 'outside', 118, login('nobody', tooLong)],
    ['login with a wrong secret', 'outside', 14, login('banned', 'wrong')],
    ['login of nobody', 'outside', 14, login('nobody', secret)],
    ['login of a banned user', 'outside', 120, login('banned', secret)],
    ['login of a user with a session', 'outside', 11, login('ann', secret)],
    ['register of no username', 'outside', 122, register('no one', tooLong)],
    ['register with no secret', 'outside', 122, register('ann', noText)],
    ['register with a long secret', 'outside', 118, register('ann', tooLong)],
    ['register with a weak secret', 'outside', 117, register('ann', 'short')],
    ['register of a taken name', 'outside', 2, register('ann', common)],
    ['register with a common secret', 'outside', 117, register('cid', common)],
    ['register with the longest secret', 'outside', 1, register('cid', long)],
    ['resume in a session', 'inside', 121, resume('no one', '')],
    ['resume of no username', 'outside', 122, resume('no one', none, 1)],
    ['resume with no token', 'outside', 122, resume('nobody', 'short', 1)],
    ['resume with no count', 'outside', 122, resume('nobody', none)],
    ['resume with a token of nobody', 'outside', 15, resume('nobody', none, 2 ** 53 - 1)],
    ['change of another’s secret', 'inside', 120, change('bob', noText, noText)],
    ['change outside a session', 'outside', 120, change('ann', noText, noText)],
    ['change from no secret', 'inside', 122, change('ann', noText, tooLong)],
    ['change to no secret', 'inside', 122, change('ann', 'wrong', noText)],
    ['change from a long secret', 'inside', 118, change('ann', tooLong, 'short')],
    ['change to a long secret', 'inside', 118, change('ann', 'wrong', tooLong)],
    ['change to a weak secret', 'inside', 117, change('ann', 'wrong', 'short')],
    ['change from a wrong secret', 'inside', 65, change('ann', 'wrong', common)],
    ['change to a common secret', 'inside', 117, change('ann', secret, common)],
    ['block in another’s name', 'inside', 120, (agent) => agent.setBlocked('bob', 'no one', true)],
    ['block of no username', 'inside', 122, (agent) => agent.setBlocked('ann', 'no one', true)],
    ['unblock of no username', 'inside', 122, (agent) => agent.setBlocked('ann', 'no one', false)],
  ])('for a %s', async (_, where, status, ask) => {
    const service = await ChatService.open({
      store: new MemoryStore(),
      identity: { hasher: new Hasher() },
      isBanned: (name) => name === 'banned',
    });
    onTestFinished(() => service.close());
    for (const name of ['ann', 'banned']) await service.register(name, secret);
    const inside = connect(service);
    await tokenOf(inside);
    const agent = where === 'inside' ? inside : connect(service);
    expect((await ask(agent)).status).toBe(status);
  });
});

describe('what each may use', () => {
  const refused = { status: Status.tooBusy, retryAfterS: expect.any(Number) };

  it('is answered 123 when it is used up: registers, sends, searches, and bytes in mailboxes', async () => {
    const usage = {
      registersPerAddress: 3,
      sendsPerUser: 32,
      searchesPerAddress: 32,
      storedBytesPerUser: 20,
    };
    const service = await ChatService.open({ store: new MemoryStore(), usage });
    onTestFinished(() => service.close());
    const agent = connect(service);
    for (const name of ['ann', 'bob', 'cid']) {
      expect(await agent.register(name)).toEqual({ status: Status.registered });
    }
    expect(await agent.register('dan')).toEqual(refused);
    await agent.login('ann');
    const stored = [
      await agent.send('ann', 'bob', '1234567'),
      await agent.send('ann', 'cid', '1234567'),
    ];
    expect(stored).toEqual([{ status: Status.stored }, { status: Status.stored }]);
    expect(await agent.send('ann', 'bob', 'x')).toEqual({ status: Status.tooBusy });
    expect(service.usage.refusals.storedBytesPerUser).toBe(1);
    // What is taken makes room.
    const bob = connect(service);
    const login = await bob.login('bob');
    expect(login.status).toBe(Status.loggedInUnread);
    if (!('session' in login)) throw new Error('no session');
    await login.session.readUnread(1);
    login.session.goLive();
    expect(bob.acknowledge(1)).toBe(true);
    // The mailbox is read before anything is pushed.
    await turn();
    for (let count = 4; count <= 32; count++) {
      expect(await agent.send('ann', 'bob', 'x')).toEqual({ status: Status.delivered });
      expect(bob.acknowledge(count - 2)).toBe(true);
    }
    expect(await agent.send('ann', 'bob', 'x')).toEqual(refused);
    for (let count = 0; count < 32; count++) expect((await agent.search('a')).status).not.toBe(123);
    expect(await agent.search('a')).toEqual(refused);
  });

  it('can be searches for those alone who are logged in', async () => {
    const service = await ChatService.open({ store: new MemoryStore(), searchNeedsSession: true });
    onTestFinished(() => service.close());
    await service.register('ann');
    const agent = connect(service);
    expect(await agent.search('*')).toEqual({ status: Status.notLoggedIn });
    await agent.login('ann');
    expect(listed(await agent.search('*'))).toMatchObject({ usernames: ['ann'] });
  });
});

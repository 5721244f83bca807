import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, existsSync, readdirSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { Status } from '@tandem/core';
import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { type Chat, ChatService, checkStore, SqliteStore } from '../../src/index.ts';
import { type MoveOptions, moveToPostgres } from '../../src/postgres/index.ts';
import { anyStep, ResumptionModel, type ResumptionStep } from '../service/resumption-model.ts';
import {
  codeOf,
  databaseFile,
  newDataDirectory,
  openDatabase,
  openStore,
} from '../store/sqlite/data-directory.ts';
import { hasPostgres, TestCluster } from './cluster.ts';
import { connectTo, openNode, type TestClient } from './nodes.ts';

/** Takes no time, and what it makes has the form of a hash. */
const hasher = {
  hash: async (secret: string) => phcOf(secret),
  verify: async (secret: string, kept: string | undefined) => phcOf(secret) === kept,
  close: async () => {},
};
const phcOf = (secret: string) =>
  `$argon2id$v=19$m=19456,t=2,p=1$c29tZXNhbHRzb21lc2FsdA$${createHash('sha256').update(secret).digest('base64').slice(0, 43)}`;

const secretOf = (name: string) => `the secret of ${name}`;

/** Opens the server of a data directory, closed after the test. */
async function openServer(directory: string): Promise<ChatService> {
  const store = await SqliteStore.open({ directory });
  const service = await ChatService.open({ store, identity: { hasher } });
  onTestFinished(() => service.close());
  return service;
}

/** A user with a session that can be resumed, as the server has left them. */
interface Resumable {
  readonly token: string;
  readonly delivered: number;
}

/** A server is killed that has sent a message to its client, and has not written it yet. */
const afterLoss = (['send', 'settle', 'send', 'kill'] as const)
  .map((what): ResumptionStep => ({ do: what }))
  .concat({ do: 'take', messages: 2 });

/** The people of the server that is moved. */
const people = ['ann', 'bob', 'cid', 'dora', 'eve', 'Zoe'];
const withSecret = ['ann', 'cid', 'dora'];

/** Fills a data directory with all that a server keeps, and stops the server. */
async function makeData(directory: string): Promise<ReadonlyMap<string, Resumable>> {
  const service = await openServer(directory);
  const clients = new Map<string, TestClient>();
  const resumables = new Map<string, Resumable>();
  const begin = async (name: string) => {
    const client = connectTo({ service });
    const hasSecret = withSecret.includes(name);
    const login = hasSecret ? client.loginWithSecret(name, secretOf(name)) : client.login(name);
    const { status, token, unread } = await client.begin(login);
    expect([Status.loggedIn, Status.loggedInUnread]).toContain(status);
    clients.set(name, client);
    if (token !== undefined) resumables.set(name, { token, delivered: unread.length });
    return client;
  };
  const send = async (sender: string, recipient: string, bodies: readonly string[]) => {
    for (const body of bodies) await clients.get(sender)?.send(sender, recipient, body);
  };
  for (const name of people) {
    const secret = withSecret.includes(name) ? secretOf(name) : undefined;
    expect((await connectTo({ service }).register(name, secret)).status).toBe(Status.registered);
  }
  const bob = await begin('bob');
  await begin('eve');
  await send('bob', 'ann', [
    'away 1',
    'away 2',
    ' with | no, but "quotes" \\ {} and %_'.replace('|', ''),
  ]);
  await send('eve', 'ann', ['from eve']);
  await send('bob', 'Zoe', ['1', '2', '3']);
  const ann = await begin('ann');
  await send('bob', 'ann', ['live 1', 'live 2']);
  // One that waited, and one that came while she was there.
  ann.acknowledge(2);
  await ann.setBlocked('ann', 'eve', true);
  const cid = await begin('cid');
  await send('ann', 'cid', ['1', '2', '3', '4']);
  cid.acknowledge(4);
  await cid.confirm();
  await send('eve', 'ann', ['is blocked']);
  const dora = await begin('dora');
  await send('bob', 'dora', ['taken', 'not taken']);
  dora.acknowledge(1);
  await dora.logout('dora');
  resumables.delete('dora');
  await send('bob', 'dora', ['after']);
  ann.leave();
  // Came to nobody: no count of her session means it.
  await send('bob', 'ann', ['later']);
  const zoe = await begin('Zoe');
  zoe.acknowledge(2);
  await zoe.confirm();
  await bob.setBlocked('bob', 'cid', true);
  for (const [name, { token, delivered }] of resumables) {
    resumables.set(name, { token, delivered: delivered + (clients.get(name)?.pushed.length ?? 0) });
  }
  await service.close();
  return resumables;
}

/** Tells all that the users of a chat can see and do, by doing it. */
async function observe(
  service: Chat,
  resumables: ReadonlyMap<string, Resumable>,
  taken: (delivered: number) => number,
): Promise<unknown[]> {
  const seen: unknown[] = [];
  const client = () => connectTo({ service });
  const inside = new Map<string, TestClient>();
  for (const query of ['', '*', 'a*', '*o*', 'ann', 'zoe', 'Z*e'])
    seen.push([query, await client().search(query)]);
  for (const name of [...people, 'nobody']) {
    seen.push([name, (await client().register(name)).status]);
    seen.push([name, (await client().loginWithSecret(name, 'another secret')).status]);
    const resumable = resumables.get(name);
    const one = client();
    if (resumable !== undefined) {
      const wrong = await client().resume(name, resumable.token.replace(/./g, 'x'), 0);
      seen.push([name, wrong.status]);
    }
    seen.push([name, (await client().login(name)).status === Status.notLoggedIn]);
    const login = () =>
      withSecret.includes(name) ? one.loginWithSecret(name, secretOf(name)) : one.login(name);
    const { status, unread } = await one.begin(
      resumable === undefined
        ? login()
        : one.resume(name, resumable.token, taken(resumable.delivered)),
    );
    seen.push([name, status, unread]);
    inside.set(name, one);
  }
  for (const sender of people) {
    for (const recipient of [...people, 'nobody']) {
      const sent = await inside.get(sender)?.send(sender, recipient, `${sender} to ${recipient}`);
      seen.push([sender, recipient, sent]);
    }
  }
  for (const name of people) {
    const one = inside.get(name) as TestClient;
    await one.confirm();
    seen.push([name, one.pushed, one.ends]);
    seen.push(await one.setBlocked(name, 'eve', false));
    seen.push(await one.logout(name));
  }
  await client().begin(client().login('bob'));
  const { users } = (await service.administration.users('*')) ?? {};
  seen.push(users?.map(({ username, hasSecret }) => [username, hasSecret]));
  return seen;
}

describe.skipIf(!hasPostgres)('a move from SQLite to PostgreSQL', () => {
  let cluster: TestCluster;
  let url: string;
  let directory: string;

  beforeAll(async () => {
    cluster = await TestCluster.start();
  });
  afterAll(() => cluster?.end());
  beforeEach(async () => {
    url = await cluster.emptyDatabase();
    directory = newDataDirectory();
  });

  const move = (options: Partial<MoveOptions> = {}) =>
    moveToPostgres({ directory, url, ...options });
  const rowsIn = async (table: string) =>
    Number((await cluster.query<{ n: string }>(url, `SELECT count(*) AS n FROM ${table}`))[0]?.n);

  it.each([
    ['all that came', (delivered: number) => delivered],
    ['a part of it', (delivered: number) => Math.floor(delivered / 2)],
    ['nothing', () => 0],
  ])('shows users what they saw before, who have taken %s', async (_, taken) => {
    const resumables = await makeData(directory);
    const copy = newDataDirectory();
    cpSync(directory, copy, { recursive: true });
    const before = await observe(await openServer(copy), resumables, taken);
    expect(await move()).toMatchObject({ accounts: 6, secrets: 3, tokens: 2, blocks: 2, bans: 0 });
    const { service } = await openNode(url, { identity: { hasher } });
    expect(await observe(service, resumables, taken)).toEqual(before);
  });

  it('keeps what a count means: nothing comes again, and nothing is lost', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(anyStep, { minLength: 10, maxLength: 40 }), async (steps) => {
        const model = await ResumptionModel.open();
        try {
          for (const each of steps) await model.play(each);
          await model.settle();
          await model.move(await cluster.emptyDatabase());
          await model.resume();
          model.take(Number.POSITIVE_INFINITY);
          expect([model.again, model.missing]).toEqual([[], []]);
        } finally {
          await model.close();
        }
      }),
      { numRuns: 8, examples: [[afterLoss]] },
    );
  });

  it('moves who is banned, and gives new accounts and messages numbers of their own', async () => {
    await makeData(directory);
    const bans = { names: ['eve'], networks: ['192.0.2.1', '2001:db8:0:0'] };
    expect(await move({ readBans: () => bans })).toMatchObject({ bans: 3 });
    const told: unknown[] = [];
    const node = await openNode(url, { identity: { hasher }, onBans: (list) => told.push(list) });
    expect(told).toEqual([bans]);
    expect((await connectTo(node).login('eve')).status).toBe(Status.notLoggedIn);
    for (const name of ['new1', 'new2']) await connectTo(node).register(name);
    const bob = connectTo(node);
    await bob.begin(bob.login('bob'));
    await bob.send('bob', 'Zoe', '4');
    const zoe = connectTo(node);
    expect((await zoe.begin(zoe.login('Zoe'))).unread).toEqual(['bob|3', 'bob|4']);
    expect(await rowsIn('tandem.accounts GROUP BY id HAVING count(*) > 1')).toBeNaN();
  });

  it('writes large mailboxes in parts, and tells how far it is', async () => {
    const store = await openStore(directory);
    await store.load();
    const messages = Array.from({ length: 12_000 }, (_, i) => ({
      id: i + 1,
      sender: 'bob',
      body: `${i}`,
    }));
    const adding = ['ann', 'bob'].map((name) => store.addAccount(name));
    await Promise.all([...adding, ...messages.map((message) => store.addMessage('ann', message))]);
    await store.close();
    const progress: unknown[] = [];
    await move({ onProgress: (...told) => progress.push(told) });
    expect(progress.at(-1)).toEqual([12_002, 12_002]);
    const node = await openNode(url, { limits: { mailboxMessagesMax: 20_000 } });
    const ann = connectTo(node);
    expect((await ann.begin(ann.login('ann'))).unread).toEqual(
      messages.map(({ body }) => `bob|${body}`),
    );
  });

  it('leaves the data directory whole and free', async () => {
    await makeData(directory);
    const before = await checkStore({ directory });
    await move();
    expect(await checkStore({ directory })).toMatchObject({ ...before, bytes: expect.anything() });
    await openServer(directory);
  });

  it('refuses a directory that has no data, and makes none', async () => {
    expect(await codeOf(() => move())).toBe('not-found');
    expect(existsSync(directory)).toBe(false);
  });

  it('refuses a directory that a server holds, and data that is damaged', async () => {
    const service = await openServer(directory);
    expect(await codeOf(() => move())).toBe('in-use');
    await service.close();
    truncateSync(databaseFile(directory), 5_000);
    expect(await codeOf(() => move())).toBe('corrupt');
    expect(await rowsIn('tandem.accounts')).toBe(0);
  });

  it('refuses a message of nobody, as every check does', async () => {
    await makeData(directory);
    openDatabase(directory).exec("DELETE FROM accounts WHERE username = 'ann'");
    expect(await codeOf(() => move())).toBe('corrupt');
  });

  it.each(['accounts', 'messages', 'blocks', 'bans'])(
    'refuses a database that has %s',
    async (table) => {
      await makeData(directory);
      const columns = {
        accounts: 'username',
        messages: 'recipient, seq, sender, body',
        blocks: 'blocker, name',
        bans: 'kind, target',
      };
      const values = {
        accounts: "'x'",
        messages: "1, 1, 'x', 'x'",
        blocks: "1, 'x'",
        bans: "'name', 'x'",
      };
      const kind = table as keyof typeof columns;
      // What a node makes that has gone since.
      await (await openNode(url)).service.close();
      await cluster.query(
        url,
        `INSERT INTO tandem.${kind} (${columns[kind]}) VALUES (${values[kind]})`,
      );
      expect(await codeOf(() => move())).toBe('exists');
    },
  );

  it('refuses a database that a node uses, and takes it when that is gone', async () => {
    await makeData(directory);
    const { service } = await openNode(url);
    expect(await codeOf(() => move())).toBe('in-use');
    await service.close();
    expect(await move()).toMatchObject({ accounts: 6 });
    expect(await codeOf(() => move())).toBe('exists');
  });

  it('takes a database for empty that has rows of deleted accounts', async () => {
    await makeData(directory);
    const fresh = await cluster.emptyDatabase();
    await cluster.query(fresh, "INSERT INTO tandem.messages VALUES (1, 1, 'ann', 'hi')");
    await cluster.query(fresh, "INSERT INTO tandem.blocks VALUES (1, 'ann')");
    const left =
      'INSERT INTO tandem.leftovers (recipient, after, through, deleted) VALUES (1, 0, 1, true)';
    await cluster.query(fresh, left);
    expect(await move({ url: fresh })).toMatchObject({ accounts: 6 });
    expect(await cluster.query(fresh, 'SELECT FROM tandem.leftovers')).toEqual([]);
  });

  it.each(['a signal', 'the loss of the connection'])(
    'leaves nothing behind after %s half way, and begins anew',
    async (what) => {
      await makeData(directory);
      const fresh = await cluster.newDatabase();
      const stop = new AbortController();
      const kill = `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'tandem migrate'`;
      const onProgress = () => {
        if (what === 'a signal') stop.abort('SIGINT');
        // At once: what follows takes less time than another connection.
        else
          execFileSync('psql', ['-h', cluster.directory, '-U', 'tandem', '-c', kill, 'postgres']);
      };
      const moving = move({ url: fresh, signal: stop.signal, onProgress });
      await expect(moving).rejects.toEqual(
        what === 'a signal' ? 'SIGINT' : expect.objectContaining({ code: 'unreachable' }),
      );
      const [there] = await cluster.query(fresh, "SELECT to_regclass('tandem.accounts') AS is");
      expect(there).toEqual({ is: null });
      expect(readdirSync(directory)).not.toContain('owner.json');
      expect(await move({ url: fresh })).toMatchObject({ accounts: 6 });
    },
  );

  it('says what is in the way of PostgreSQL before it reads anything', async () => {
    const nowhere = cluster.urlOf('nowhere');
    expect(await codeOf(() => move({ url: nowhere }))).toBe('not-found');
    expect(await codeOf(() => move({ url: cluster.urlOf('postgres', 'nobody') }))).toBe('denied');
    expect(existsSync(join(directory, 'lock'))).toBe(false);
  });
});

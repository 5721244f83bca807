import { Status } from '@tandem/core';
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { originOfItsOwn } from '../../src/scheduling/fair-queue.ts';
import { listed } from '../listed.ts';
import { hasPostgres, TestCluster } from './cluster.ts';
import { connectTo, openNode, type TestClient, type TestNode } from './nodes.ts';

const secret = 'correct horse battery';

describe.skipIf(!hasPostgres)('two nodes on one PostgreSQL', () => {
  let cluster: TestCluster;
  let url: string;
  let [one, other]: TestNode[] = [];

  beforeAll(async () => {
    cluster = await TestCluster.start();
  });
  afterAll(() => cluster?.end());
  beforeEach(async () => {
    url = await cluster.emptyDatabase();
    [one, other] = await Promise.all([openNode(url), openNode(url)]);
  });

  const at = (node: TestNode | undefined) => connectTo(node as TestNode);
  async function newUser(node: TestNode | undefined, username: string): Promise<TestClient> {
    const client = at(node);
    expect(await client.register(username)).toEqual({ status: Status.registered });
    expect(await client.begin(client.login(username))).toMatchObject({ status: Status.loggedIn });
    return client;
  }

  it('have one account of a name, though both register it at once', async () => {
    const names = Array.from({ length: 50 }, (_, i) => `user${i % 10}`);
    const outcomes = await Promise.all(
      names.map((name, i) => at(i % 2 === 0 ? one : other).register(name)),
    );
    const made = outcomes.filter(({ status }) => status === Status.registered);
    expect(made).toHaveLength(10);
    expect(listed(await at(other).search('user*'))).toMatchObject({
      usernames: [...new Set(names)].sort(),
    });
  });

  it('have one session of a user, which logs in elsewhere when that has ended', async () => {
    const bob = await newUser(one, 'bob');
    const again = at(other);
    expect((await again.login('bob')).status).toBe(Status.alreadyLoggedIn);
    expect((await bob.logout('bob')).status).toBe(Status.loggedOut);
    expect((await again.login('bob')).status).toBe(Status.loggedIn);
  });

  it('begin one session, though all log in at once', async () => {
    await at(one).register('bob');
    const logins = Array.from({ length: 20 }, (_, i) => at(i % 2 === 0 ? one : other).login('bob'));
    const statuses = (await Promise.all(logins)).map(({ status }) => status);
    expect(statuses.filter((status) => status === Status.loggedIn)).toHaveLength(1);
    expect(statuses.filter((status) => status === Status.alreadyLoggedIn)).toHaveLength(19);
  });

  it('answer who asks for little before most of what others have waiting', async () => {
    const ann = await newUser(one, 'ann');
    await ann.send('ann', 'ann', 'counted');
    let answered = 0;
    const flood = Array.from({ length: 50 }, async (_, i) => {
      const stranger = at(one);
      const registers = Array.from({ length: 100 }, async (_, j) => {
        await stranger.register(`flood${i}x${j}`);
        answered++;
      });
      await Promise.all(registers);
    });
    expect(await ann.send('ann', 'ann', 'hi')).toEqual({ status: Status.delivered });
    expect(answered).toBeLessThan(1_000);
    expect(await ann.search('ann')).toMatchObject({ status: Status.found });
    expect(answered).toBeLessThan(2_500);
    await Promise.all(flood);
  });

  it('find messages by their keys, whatever PostgreSQL knows of the size of mailboxes', async () => {
    const othersSql = `SELECT FROM pg_stat_activity
      WHERE datname = current_database() AND application_name LIKE 'tandem %'`;
    const scansSql = `SELECT seq_scan::int AS scans FROM pg_stat_user_tables
      WHERE schemaname = 'tandem' AND relname = 'messages'`;
    // A connection tells of what it has done when it has ended.
    const scansAfter = async (nodes: readonly (TestNode | undefined)[]) => {
      await Promise.all(nodes.map((node) => node?.service.close()));
      await expect.poll(() => cluster.query(url, othersSql)).toEqual([]);
      return cluster.query(url, scansSql);
    };
    const before = await scansAfter([one, other]);
    const nodes = await Promise.all([openNode(url), openNode(url)]);
    const [ann, bob] = [await newUser(nodes[0], 'ann'), await newUser(nodes[1], 'bob')];
    for (let i = 1; i <= 8; i++) {
      await ann.send('ann', 'bob', `${i}`);
      await bob.until(i);
      expect(bob.acknowledge(1)).toBe(true);
    }
    expect(await scansAfter(nodes)).toEqual(before);
  });

  it.each([50, 2000])(
    'find accounts and blocks by their keys, where PostgreSQL knows of %i',
    async (known) => {
      const node = one?.service.node as number;
      await cluster.query(
        url,
        `INSERT INTO tandem.accounts (username, id, session_node, session_no)
         SELECT 'u' || i, i, ${node}, i FROM generate_series(1, ${known}) i;
       INSERT INTO tandem.blocks SELECT i, 'x' FROM generate_series(1, ${known}) i;
       ANALYZE tandem.accounts, tandem.blocks`,
      );
      const traffic = JSON.stringify([
        {
          do: 'traffic',
          takers: [2],
          taker_sessions: [3],
          throughs: [1],
          senders: ['u1'],
          sender_sessions: [1],
          recipients: [1],
          bodies: ['x'],
          overs: [false],
        },
      ]);
      const client = await cluster.connect(url);
      onTestFinished(() => client.end());
      await client.query('BEGIN');
      // As a node has it.
      await client.query('SET LOCAL enable_seqscan = off');
      const done = await client.query('SELECT tandem.carry_out($1, $2, $3, $4, 9) AS outcomes', [
        node,
        ['u2', 'u3'],
        [],
        traffic,
      ]);
      expect(done.rows[0].outcomes).toEqual([
        { removed: [0], statuses: [Status.delivered], seqs: [1], nodes: [node], sessions: [2] },
      ]);
      const { rows } = await client.query(
        `SELECT sum(seq_tup_read + idx_tup_fetch)::int AS read FROM pg_stat_xact_user_tables
       WHERE schemaname = 'tandem'`,
      );
      expect(rows[0].read).toBeLessThan(20);
    },
  );

  it('deliver over each other, in the order of each sender, and forget what was taken', async () => {
    const bob = await newUser(other, 'bob');
    const senders = await Promise.all([
      newUser(one, 'ann'),
      newUser(one, 'eve'),
      newUser(other, 'joe'),
    ]);
    const names = ['ann', 'eve', 'joe'];
    const bodies = Array.from({ length: 80 }, (_, i) => `${i}`);
    const sent = senders.flatMap((sender, i) =>
      bodies.map((body) => sender.send(names[i] as string, 'bob', body)),
    );
    const statuses = (await Promise.all(sent)).map(({ status }) => status);
    expect(new Set(statuses)).toEqual(new Set([Status.delivered]));
    await bob.until(240);
    for (const name of names) {
      const from = bob.pushed.filter((text) => text.startsWith(`${name}|`));
      expect(from).toEqual(bodies.map((body) => `${name}|${body}`));
    }
    expect(bob.acknowledge(200)).toBe(true);
    expect((await bob.logout('bob')).status).toBe(Status.loggedOut);
    const again = at(one);
    const { status, unread } = await again.begin(again.login('bob'));
    expect([status, unread]).toEqual([Status.loggedInUnread, bob.pushed.slice(200)]);
  });

  it('hold back beyond the window, and go on as acknowledgements come', async () => {
    const bob = await newUser(other, 'bob');
    const ann = await newUser(one, 'ann');
    await Promise.all(Array.from({ length: 300 }, (_, i) => ann.send('ann', 'bob', `${i}`)));
    await bob.until(256);
    await expect
      .poll(() => other?.service.administration.countSessions())
      .toMatchObject({ windowsFull: 1 });
    expect(bob.pushed).toHaveLength(256);
    expect(bob.acknowledge(256)).toBe(true);
    await bob.until(300);
    expect(bob.pushed).toEqual(Array.from({ length: 300 }, (_, i) => `ann|${i}`));
  });

  it('write in opposite orders without waiting for each other for ever', async () => {
    const names = Array.from({ length: 16 }, (_, i) => `user${String(i).padStart(2, '0')}`);
    await Promise.all(names.map((name) => at(one).register(name)));
    const ann = await newUser(one, 'ann');
    const eve = await newUser(other, 'eve');
    const sends = Array.from({ length: 40 }, (_, round) => [
      ...names.map((name) => ann.send('ann', name, `${round}`)),
      ...names.toReversed().map((name) => eve.send('eve', name, `${round}`)),
      at(round % 2 === 0 ? one : other).register(`new${round}`),
    ]).flat();
    const statuses = (await Promise.all(sends)).map(({ status }) => status);
    expect(new Set(statuses)).toEqual(new Set([Status.stored, Status.registered]));
    expect([one?.errors, other?.errors]).toEqual([[], []]);
    const last = at(other);
    const { unread } = await last.begin(last.login('user00'));
    for (const sender of ['ann', 'eve']) {
      const from = unread.filter((text) => text.startsWith(sender));
      expect(from).toEqual(Array.from({ length: 40 }, (_, round) => `${sender}|${round}`));
    }
  });

  it('fill a mailbox to its limit and not beyond, though many send at once', async () => {
    const full = await cluster.newDatabase();
    const limits = { mailboxMessagesMax: 25 };
    const nodes = await Promise.all([openNode(full, { limits }), openNode(full, { limits })]);
    await at(nodes[0]).register('bob');
    const senders = await Promise.all([newUser(nodes[0], 'ann'), newUser(nodes[1], 'eve')]);
    const sends = Array.from({ length: 40 }, (_, i) =>
      (senders[i % 2] as TestClient).send(i % 2 === 0 ? 'ann' : 'eve', 'bob', `${i}`),
    );
    const statuses = (await Promise.all(sends)).map(({ status }) => status);
    expect(statuses.filter((status) => status === Status.stored)).toHaveLength(25);
    expect(statuses.filter((status) => status === Status.mailboxFull)).toHaveLength(15);
  });

  it('resume a session elsewhere, which ends where it was, and forget what was taken', async () => {
    const bob = at(one);
    await bob.register('bob', secret);
    const { token } = await bob.begin(bob.loginWithSecret('bob', secret));
    const ann = await newUser(other, 'ann');
    await Promise.all(['a', 'b', 'c'].map((body) => ann.send('ann', 'bob', body)));
    await bob.until(3);
    const again = at(other);
    const resumed = await again.begin(again.resume('bob', token as string, 2));
    expect(resumed).toMatchObject({ status: Status.loggedInUnread, unread: ['ann|c'] });
    await bob.until(4);
    expect(bob.ends).toEqual(['resumed elsewhere']);
    expect((await bob.send('bob', 'ann', 'late')).status).toBe(Status.notLoggedIn);
    const third = at(one);
    expect(await third.begin(third.resume('bob', token as string, 0))).toMatchObject({
      status: Status.loggedInUnread,
      unread: ['ann|c'],
    });
  });

  it('let a connection send nothing once its session has gone on, though no hint has come', async () => {
    const bob = at(one);
    await bob.register('bob', secret);
    const { token } = await bob.begin(bob.loginWithSecret('bob', secret));
    await bob.send('bob', 'bob', 'kept');
    await bob.until(1);
    const goOnElsewhere = () =>
      cluster.query(
        url,
        `UPDATE tandem.accounts SET session_node = ${other?.service.node},
         session_no = nextval('tandem.session_numbers')`,
      );
    await goOnElsewhere();
    expect((await bob.send('bob', 'bob', 'late')).status).toBe(Status.notLoggedIn);
    const again = at(one);
    expect(await again.begin(again.resume('bob', token as string, 0))).toMatchObject({
      unread: ['bob|kept'],
    });
    expect(bob.ends).toEqual(['resumed elsewhere']);
    expect((await bob.send('bob', 'bob', 'late')).status).toBe(Status.notLoggedIn);
    expect((await again.send('bob', 'bob', 'in time')).status).toBe(Status.delivered);
    expect(again.ends).toEqual([]);
    await goOnElsewhere();
    again.acknowledge(1);
    await again.confirm();
    expect(one?.errors).toEqual([]);
  });

  it('are not misled by notifications that others have made', async () => {
    const bob = await newUser(one, 'bob');
    const ann = await newUser(other, 'ann');
    const [row] = await cluster.query<{ number: number }>(
      url,
      "SELECT session_no::int AS number FROM tandem.accounts WHERE username = 'bob'",
    );
    for (const hint of [Number.MAX_SAFE_INTEGER, 'resumed', 'dismissed']) {
      const payload = JSON.stringify([[row?.number, hint]]);
      await cluster.query(url, `NOTIFY tandem_${one?.service.node}, '${payload}'`);
    }
    for (const body of ['a', 'b']) {
      expect((await ann.send('ann', 'bob', body)).status).toBe(Status.delivered);
    }
    await bob.until(2);
    expect([bob.pushed, bob.ends]).toEqual([['ann|a', 'ann|b'], []]);
    expect((await bob.send('bob', 'ann', 'still here')).status).toBe(Status.delivered);
  });

  it('count the accounts that they make before they look for those of others', async () => {
    const small = await openNode(url, { limits: { accountsMax: 1 } });
    expect((await at(small).register('ann')).status).toBe(Status.registered);
    expect((await at(small).register('bob')).status).toBe(Status.tooBusy);
    expect(small.service.accountCount).toBe(1);
  });

  it('refuse a count above what came to the session, also when it has ended', async () => {
    const bob = at(one);
    await bob.register('bob', secret);
    const { token } = await bob.begin(bob.loginWithSecret('bob', secret));
    const ann = await newUser(other, 'ann');
    await ann.send('ann', 'bob', 'first');
    await bob.until(1);
    bob.leave();
    // A message that is sent before has come to the session.
    const over = "SELECT FROM tandem.accounts WHERE username = 'bob' AND session_node IS NULL";
    await expect.poll(() => cluster.query(url, over)).toHaveLength(1);
    expect((await ann.send('ann', 'bob', 'x')).status).toBe(Status.stored);
    const again = at(other);
    expect((await again.resume('bob', token as string, 2)).status).toBe(Status.badOperation);
    const resumed = await again.begin(again.resume('bob', token as string, 1));
    expect(resumed.unread.at(-1)).toBe('ann|x');
    expect(resumed.unread).not.toContain('ann|first');
  });

  it.each([
    ['has ended', 'session_node = NULL, session_through = last_seq', ['a', 'b', 'c']],
    ['has gone on', "session_no = nextval('tandem.session_numbers')", ['a', 'b']],
  ])(
    'push nothing that comes after a session %s, though its node does not know',
    async (_, what, came) => {
      const small = await openNode(url, { limits: { windowMessagesMax: 2 } });
      const bob = at(small);
      await bob.register('bob', secret);
      const { token } = await bob.begin(bob.loginWithSecret('bob', secret));
      const ann = await newUser(small, 'ann');
      for (const body of ['a', 'b', 'c']) await ann.send('ann', 'bob', body);
      await bob.until(2);
      // As a burial does it, or a resume at another node.
      await cluster.query(url, `UPDATE tandem.accounts SET ${what} WHERE username = 'bob'`);
      await ann.send('ann', 'bob', 'd');
      bob.acknowledge(2);
      // What it reads on is read before this.
      await small.service.has('bob', originOfItsOwn());
      expect(bob.pushed).toEqual(came.map((body) => `ann|${body}`));
      const again = at(other);
      const { unread } = await again.begin(again.resume('bob', token as string, came.length));
      expect([...bob.pushed, ...unread]).toEqual(['a', 'b', 'c', 'd'].map((body) => `ann|${body}`));
    },
  );

  it('know a secret, its change and its tokens on both', async () => {
    const bob = at(one);
    await bob.register('bob', secret);
    expect((await at(other).login('bob')).status).toBe(Status.notLoggedIn);
    expect((await at(other).loginWithSecret('bob', `${secret}x`)).status).toBe(Status.wrongSecret);
    const first = await bob.begin(bob.loginWithSecret('bob', secret));
    const changed = await bob.changeSecret('bob', secret, `${secret} staple`);
    expect(changed.status).toBe(Status.secretChanged);
    await bob.logout('bob');
    for (const token of [first.token, changed.token]) {
      expect((await at(other).resume('bob', token as string, 0)).status).toBe(Status.notResumable);
    }
    expect((await at(other).loginWithSecret('bob', secret)).status).toBe(Status.wrongSecret);
    const last = await at(other).loginWithSecret('bob', `${secret} staple`);
    expect(last.status).toBe(Status.loggedIn);
  });

  it('keep a block, and drop it with its account', async () => {
    const bob = await newUser(one, 'bob');
    const ann = await newUser(other, 'ann');
    expect((await bob.setBlocked('bob', 'ann', true)).status).toBe(Status.blocked);
    expect((await ann.send('ann', 'bob', 'hi')).status).toBe(Status.noSuchUser);
    await bob.delete('bob');
    expect((await ann.send('ann', 'bob', 'hi')).status).toBe(Status.noSuchUser);
    await newUser(other, 'bob');
    expect((await ann.send('ann', 'bob', 'hi')).status).toBe(Status.delivered);
  });

  it('take 1,000 blocks of a user, and answer 74 to the next one', async () => {
    const bob = await newUser(one, 'bob');
    await newUser(other, 'ann');
    await cluster.query(
      url,
      "INSERT INTO tandem.blocks SELECT id, 'user' || n FROM tandem.accounts, generate_series(1, 999) n WHERE username = 'bob'",
    );
    expect((await bob.setBlocked('bob', 'ann', true)).status).toBe(Status.blocked);
    expect((await bob.setBlocked('bob', 'bob', true)).status).toBe(Status.tooManyBlocked);
    expect((await bob.setBlocked('bob', 'ann', true)).status).toBe(Status.blocked);
    await bob.setBlocked('bob', 'user1', false);
    expect((await bob.setBlocked('bob', 'bob', true)).status).toBe(Status.blocked);
  });

  it('begin a deleted name with an empty mailbox', async () => {
    const bob = await newUser(one, 'bob');
    const ann = await newUser(other, 'ann');
    await ann.send('ann', 'bob', 'to the first');
    await bob.until(1);
    expect((await bob.delete('bob')).status).toBe(Status.deleted);
    await at(other).register('bob');
    const next = at(one);
    const { status, unread } = await next.begin(next.login('bob'));
    expect([status, unread]).toEqual([Status.loggedIn, []]);
  });

  it('obey the operator at any of them', async () => {
    const bob = await newUser(one, 'bob');
    const { administration } = (other as TestNode).service;
    expect(await administration.users('b*')).toEqual({
      users: [{ username: 'bob', unread: 0, hasSession: true, hasSecret: false }],
      cut: false,
    });
    expect(await administration.kick('bob')).toBe(true);
    await bob.until(1);
    expect(bob.ends).toEqual(['dismissed']);
    expect(await administration.kick('bob')).toBe(false);
    expect(await administration.resetSecret('bob', secret)).toBe(Status.secretChanged);
    expect((await at(one).login('bob')).status).toBe(Status.notLoggedIn);
    expect(await administration.mailboxSizes([0, 2], async () => {})).toEqual({
      counts: [1, 0, 0],
      messages: 0,
    });
    expect(await administration.delete('bob')).toBe(true);
    expect(await administration.delete('bob')).toBe(false);
    expect((await at(one).login('bob')).status).toBe(Status.notRegistered);
  });

  it('ban a user and an address at all of them', async () => {
    const told: unknown[] = [];
    const onBans = (bans: unknown) => void told.push(bans);
    const times = { lookMs: 50 };
    const third = await openNode(url, { onBans, times });
    const bob = at(one);
    await bob.register('bob', secret);
    const { token } = await bob.begin(bob.loginWithSecret('bob', secret));
    const { service } = other as TestNode;
    expect(await service.changeBan('name', 'bob', true)).toBe(true);
    expect(await service.changeBan('name', 'bob', true)).toBe(false);
    expect(await service.changeBan('network', '192.0.2.7', true)).toBe(true);
    await expect.poll(() => told.at(-1)).toEqual({ names: ['bob'], networks: ['192.0.2.7'] });
    expect((await at(third).resume('bob', token as string, 0)).status).toBe(Status.notResumable);
    await bob.logout('bob');
    expect((await at(third).loginWithSecret('bob', secret)).status).toBe(Status.notLoggedIn);
    expect(await service.changeBan('name', 'bob', false)).toBe(true);
    expect((await at(one).loginWithSecret('bob', secret)).status).toBe(Status.loggedIn);
  });

  it('decide a pipeline in its order', async () => {
    const client = at(one);
    const registered = client.register('bob');
    const login = client.begin(client.login('bob'));
    expect((await registered).status).toBe(Status.registered);
    expect((await login).status).toBe(Status.loggedIn);
    const sent = client.send('bob', 'bob', 'to oneself');
    const found = client.search('*');
    const left = client.logout('bob');
    expect((await sent).status).toBe(Status.delivered);
    expect(listed(await found)).toMatchObject({ usernames: ['bob'] });
    expect((await left).status).toBe(Status.loggedOut);
    expect((await client.send('bob', 'bob', 'after')).status).toBe(Status.notLoggedIn);
  });
});

import { Status } from '@tandem/core';
import {
  afterAll,
  afterEach,
  beforeAll,
  beforeEach,
  describe,
  expect,
  it,
  onTestFinished,
  vi,
} from 'vitest';
import type { StoreError } from '../../src/index.ts';
import { prepare } from '../../src/postgres/database/checks.ts';
import { Connection } from '../../src/postgres/database/connection.ts';
import { NodeLost } from '../../src/postgres/database/errors.ts';
import { openControl } from '../../src/postgres/place/lease-keeper.ts';
import { schemaSteps } from '../../src/postgres/schema/version.ts';
import { listed } from '../listed.ts';
import { Bridge } from './bridge.ts';
import { hasPostgres, nameOf, TestCluster } from './cluster.ts';
import { connectTo, openNode, type TestNode } from './nodes.ts';

const secret = 'correct horse battery';
// Short, so that a node that is silent is soon taken for dead.
const times = { renewMs: 50, liveMs: 2_000, lookMs: 100 };
// For a node that keeps its place, however slow the machine is.
const keeping = { ...times, liveMs: 60_000 };

describe.skipIf(!hasPostgres)('a node on PostgreSQL', () => {
  let cluster: TestCluster;
  let url: string;
  let node: TestNode;

  beforeAll(async () => {
    cluster = await TestCluster.start();
  });
  afterAll(() => cluster?.end());
  beforeEach(async () => {
    url = await cluster.emptyDatabase();
    node = await openNode(url);
  });

  /** Ends connections of the database by what they are for. */
  const cut = (like: string) =>
    cluster.query(
      url,
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
       WHERE datname = current_database() AND application_name LIKE '${like}'`,
    );
  const back = () => expect.poll(() => node.service.available).toBe(true);

  async function loggedIn(at: TestNode, username: string) {
    const client = connectTo(at);
    await client.register(username);
    await client.begin(client.login(username));
    return client;
  }

  it.each(['writer', 'reader', 'searcher'])(
    'ends its sessions when its %s is gone, and takes another place',
    async (connection) => {
      const bob = await loggedIn(node, 'bob');
      const before = node.service.node;
      await cut(`tandem ${connection}%`);
      await bob.until(1);
      expect(bob.ends).toEqual(['mailbox failed']);
      await back();
      expect(node.service.node).not.toBe(before);
      expect((await connectTo(node).login('bob')).status).toBe(Status.loggedIn);
      expect(node.notices.at(-1)).toContain('has its place again');
    },
  );

  it('keeps its sessions when the connection of its lease is cut, and hears of what comes', async () => {
    // It looks each second, and may do so while the lock is free.
    await node.service.close();
    // It does not look for itself: a look knows of a session only that it is over, and not how.
    const renewing = await openNode(url, { times: { ...keeping, lookMs: 600_000 } });
    const ann = await loggedIn(renewing, 'ann');
    const bob = await loggedIn(renewing, 'bob');
    const before = renewing.service.node;
    const control = async () => {
      const rows = await cluster.query<{ pid: number }>(
        url,
        `SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND objid = ${before}
         AND classid = 1952542308`,
      );
      return rows[0]?.pid;
    };
    for (let cuts = 1; cuts <= 3; cuts++) {
      const cutOff = await control();
      await cut(`tandem control ${before}`);
      await expect.poll(control).not.toSatisfy((pid) => pid === undefined || pid === cutOff);
    }
    // It hears of other nodes before it renews its lease over a connection.
    const renewals = async () => {
      const rows = await cluster.query<{ renewals: string }>(
        url,
        `SELECT renewals FROM tandem.leases WHERE node = ${before}`,
      );
      return Number(rows[0]?.renewals);
    };
    const heard = await renewals();
    await expect.poll(renewals).toBeGreaterThan(heard);
    expect((await ann.send('ann', 'bob', 'still here')).status).toBe(Status.delivered);
    await bob.until(1);
    // A hint of another node comes over the connection that was cut.
    const other = await openNode(url);
    expect(await other.service.administration.kick('ann')).toBe(true);
    await ann.until(1);
    expect([bob.pushed, bob.ends, ann.ends]).toEqual([['ann|still here'], [], ['dismissed']]);
    expect(renewing.service.node).toBe(before);
  });

  it('takes another place when no connection comes in place of that of its lease', async () => {
    const bob = await loggedIn(node, 'bob');
    const before = node.service.node;
    const allow = (yes: boolean) =>
      cluster.query('postgres', `ALTER DATABASE ${nameOf(url)} ALLOW_CONNECTIONS ${yes}`);
    onTestFinished(() => void allow(true));
    await allow(false);
    await cluster.query(
      'postgres',
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
       WHERE application_name = 'tandem control ${before}'`,
    );
    await bob.until(1);
    expect(bob.ends).toEqual(['mailbox failed']);
    expect(node.errors.length).toBeGreaterThan(2);
    await allow(true);
    await back();
    expect(node.service.node).not.toBe(before);
  });

  it('leaves no connection behind that waits for a lock of somebody else', async () => {
    await node.service.close();
    const renewing = await openNode(url, { times: { ...times, liveMs: 500 } });
    const before = renewing.service.node;
    const stranger = await cluster.connect(url);
    onTestFinished(() => stranger.end());
    await stranger.query('BEGIN; LOCK TABLE tandem.leases');
    const left = () =>
      cluster.query(
        url,
        `SELECT FROM pg_stat_activity WHERE application_name = 'tandem control ${before}'`,
      );
    await expect.poll(left).toEqual([]);
    expect(renewing.service.available).toBe(false);
    await stranger.query('ROLLBACK');
    await expect.poll(() => renewing.service.available).toBe(true);
  });

  it('is told of a connection of its lease that ends while it is opened', async () => {
    const first = await Connection.open(url, 'tandem test', () => {});
    onTestFinished(() => first.close());
    const server = await prepare(first, 'control');
    const onEnd = vi.fn();
    const opened = openControl(url, 1_000_000, server, onEnd, async (control) => {
      await control.query('SELECT pg_terminate_backend(pg_backend_pid())');
    });
    await expect(opened).rejects.toThrow();
    await expect.poll(() => onEnd.mock.calls).toEqual([[expect.any(Connection), undefined]]);
  });

  it('answers 27 and 127 while PostgreSQL is away, and has everything that was confirmed after it', async () => {
    const bob = connectTo(node);
    await bob.register('bob', secret);
    const { token } = await bob.begin(bob.loginWithSecret('bob', secret));
    const ann = await loggedIn(node, 'ann');
    const sends = Array.from({ length: 200 }, (_, i) => ann.send('ann', 'bob', `${i}`));
    await sends[0];
    await cluster.halt('immediate');
    const statuses = (await Promise.all(sends)).map(({ status }) => status);
    await ann.until(1);
    expect((await connectTo(node).register('eve')).status).toBe(Status.unknownError);
    expect((await connectTo(node).login('bob')).status).toBe(Status.unknownError);
    expect((await connectTo(node).search('*')).status).toBe(Status.unknownError);
    expect(node.service.available).toBe(false);
    await cluster.begin();
    await back();
    const again = connectTo(node);
    const { status, unread } = await again.begin(again.resume('bob', token as string, 0));
    expect(status).toBe(Status.loggedInUnread);
    const confirmed = statuses.flatMap((each, i) =>
      each === Status.delivered ? [`ann|${i}`] : [],
    );
    expect(unread.filter((text) => confirmed.includes(text))).toEqual(confirmed);
    expect(new Set(statuses.filter((each) => each !== Status.delivered))).toEqual(
      new Set(statuses.includes(Status.sendFailed) ? [Status.sendFailed] : []),
    );
  });

  it('changes nothing once another has buried it, and is answered in doubt', async () => {
    const bob = await loggedIn(node, 'bob');
    await cluster.query(url, "SELECT tandem.bury(id, '') FROM tandem.nodes");
    expect((await bob.send('bob', 'bob', 'from the grave')).status).toBe(Status.sendFailed);
    expect(bob.ends).toEqual(['mailbox failed']);
    await back();
    const again = connectTo(node);
    expect(await again.begin(again.login('bob'))).toMatchObject({ status: Status.loggedIn });
  });

  it('takes the users of a node that has died at once', async () => {
    const other = await openNode(url, { times });
    await loggedIn(node, 'bob');
    // As when its process is killed: all connections end, and nothing is said.
    await cut(`tandem % ${node.service.node}`);
    await expect
      .poll(() => connectTo(other).login('bob'))
      .toMatchObject({ status: Status.loggedIn });
  });

  it('buries one that is silent though its connections stand', async () => {
    await loggedIn(node, 'bob');
    // A node that does not renew, as one that is stopped.
    const [{ id } = { id: 0 }] = await cluster.query<{ id: number }>(
      url,
      "INSERT INTO tandem.nodes (name) VALUES ('stopped') RETURNING id",
    );
    await cluster.query(
      url,
      `
      INSERT INTO tandem.leases (node) VALUES (${id});
      INSERT INTO tandem.accounts (username, id, session_node, session_no) VALUES ('eve', 1000, ${id}, 1000)`,
    );
    const holder = cluster.query(url, `SELECT pg_advisory_lock(1952542308, ${id}), pg_sleep(60)`);
    holder.catch(() => {});
    const other = await openNode(url, { times });
    expect((await connectTo(other).login('eve')).status).toBe(Status.alreadyLoggedIn);
    await expect
      .poll(() => connectTo(other).login('eve'))
      .toMatchObject({ status: Status.loggedIn });
    // The node that looked first buries it, and tells of it when the last slice has ended.
    await expect
      .poll(() => [...node.notices, ...other.notices])
      .toContain(`node ${id} is dead, and its sessions have ended`);
    expect(node.service.available).toBe(true);
    await cluster.query(
      url,
      "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE '%pg_sleep(60)%' AND pid <> pg_backend_pid()",
    );
  });

  it('buries one with many sessions in slices, and writes for its own users meanwhile', async () => {
    const other = await openNode(url, { times });
    const bob = await loggedIn(other, 'bob');
    await cluster.query(
      url,
      `
      WITH dead AS (INSERT INTO tandem.nodes (name) VALUES ('dead') RETURNING id),
      leased AS (INSERT INTO tandem.leases (node) SELECT id FROM dead)
      INSERT INTO tandem.accounts (username, id, session_node, session_no)
      SELECT 'user' || n, 1000000 + n, id, 1000000 + n FROM dead, generate_series(1, 2500) AS n`,
    );
    const left = () =>
      cluster.query(
        url,
        'SELECT FROM tandem.accounts WHERE session_no > 1000000 AND session_node IS NOT NULL',
      );
    for (let waiting = true; waiting; waiting = (await left()).length > 0) {
      const { status } = await bob.send('bob', 'user7', 'hi');
      expect([Status.delivered, Status.stored]).toContain(status);
    }
    await expect.poll(() => cluster.query(url, 'SELECT FROM tandem.leases')).toHaveLength(2);
    expect((await connectTo(node).login('user7')).status).toBe(Status.loggedInUnread);
    expect([node.errors, other.errors, bob.ends]).toEqual([[], [], []]);
  });

  it('fails one search alone that takes too long', async () => {
    const ann = await loggedIn(node, 'ann');
    const holder = cluster.query(
      url,
      'BEGIN; LOCK TABLE tandem.names; SELECT pg_sleep(60) AS holds',
    );
    holder.catch(() => {});
    const held = () =>
      cluster.query(
        url,
        "SELECT FROM pg_stat_activity WHERE query LIKE '%AS holds' AND wait_event = 'PgSleep'",
      );
    await expect.poll(held).toHaveLength(1);
    const searched = ann.search('*');
    const cancel = () =>
      cluster.query(
        url,
        `SELECT pg_cancel_backend(pid) FROM pg_stat_activity WHERE wait_event_type = 'Lock'
         AND application_name LIKE 'tandem searcher%' AND datname = current_database()`,
      );
    await expect.poll(cancel).toHaveLength(1);
    expect((await searched).status).toBe(Status.unknownError);
    await cluster.query(
      url,
      "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE '%AS holds'",
    );
    expect(listed(await ann.search('*'))).toMatchObject({ usernames: ['ann'] });
    expect(ann.ends).toEqual([]);
  });

  it('takes a connection for cut by how long a response takes, and not by how long others take', async () => {
    const onEnd = vi.fn();
    const connection = await Connection.open(url, 'tandem test', onEnd);
    const one = () => connection.query('SELECT pg_sleep(0.02)', undefined, 1_000);
    await Promise.all(Array.from({ length: 60 }, one));
    expect(onEnd).not.toHaveBeenCalled();
    const silent = connection.query('SELECT pg_sleep(60)', undefined, 50);
    await expect(silent).rejects.toThrow(NodeLost);
    expect(onEnd).toHaveBeenCalledOnce();
  });

  it('gives up when a later version has changed the schema', async () => {
    const { promise, resolve } = Promise.withResolvers<StoreError>();
    await openNode(url, { onFatal: resolve });
    await cluster.query(url, 'UPDATE tandem.schema_version SET version = 99');
    await cut('tandem writer%');
    expect(await promise).toMatchObject({ code: 'newer' });
    await cluster.query(url, `UPDATE tandem.schema_version SET version = ${schemaSteps.length}`);
  });

  describe('whose renewals PostgreSQL refuses', () => {
    const refuse = (code: string) =>
      cluster.query(
        url,
        `
        CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS
          'BEGIN RAISE EXCEPTION ''refused'' USING ERRCODE = ''${code}''; END';
        CREATE TRIGGER refuse BEFORE UPDATE ON tandem.leases EXECUTE FUNCTION refuse()`,
      );
    const allow = () => cluster.query(url, 'DROP FUNCTION IF EXISTS refuse CASCADE');
    const renewals = async () => {
      const [row] = await cluster.query<{ count: number }>(
        url,
        'SELECT renewals::int AS count FROM tandem.leases ORDER BY node DESC LIMIT 1',
      );
      return row?.count ?? 0;
    };
    afterEach(allow);

    it.each([
      ['a full disk', '53100'],
      ['too little memory', '53200'],
      ['a statement that was cancelled', '57014'],
      ['a lock that did not come', '55P03'],
      ['a conflict', '40001'],
    ])('for %s goes on when they succeed in time', async (_name, code) => {
      const renewing = await openNode(url, { times: keeping });
      const bob = await loggedIn(renewing, 'bob');
      await refuse(code);
      await expect.poll(() => renewing.errors.length).toBeGreaterThan(2);
      await allow();
      const before = await renewals();
      await expect.poll(renewals).toBeGreaterThan(before);
      expect((await bob.send('bob', 'bob', 'still here')).status).toBe(Status.delivered);
      // On a slow machine it may take others for dead, whose renewals are refused, too.
      const lost = renewing.notices.filter((notice) => notice.includes('lost its place'));
      expect([bob.ends, lost]).toEqual([[], []]);
    });

    it('ends its sessions when its lease is over, and takes another place', async () => {
      const renewing = await openNode(url, { times });
      const bob = await loggedIn(renewing, 'bob');
      await refuse('53100');
      await bob.until(1);
      expect(bob.ends).toEqual(['mailbox failed']);
      expect(renewing.errors.length).toBeGreaterThan(2);
      await allow();
      await expect.poll(() => renewing.service.available).toBe(true);
    });
  });

  it('refuses writes while the disk of PostgreSQL is full, keeps its sessions, and goes on', async () => {
    const bob = await loggedIn(node, 'bob');
    await cluster.query(
      url,
      `
      CREATE FUNCTION full_disk() RETURNS trigger LANGUAGE plpgsql AS
        'BEGIN RAISE EXCEPTION ''no space left on device'' USING ERRCODE = ''53100''; END';
      CREATE TRIGGER full_disk BEFORE UPDATE ON tandem.accounts EXECUTE FUNCTION full_disk()`,
    );
    expect((await bob.send('bob', 'bob', 'lost')).status).toBe(Status.sendFailed);
    expect(node.errors).toMatchObject([{ code: 'full' }]);
    await cluster.query(url, 'DROP TRIGGER full_disk ON tandem.accounts');
    expect((await bob.send('bob', 'bob', 'kept')).status).toBe(Status.delivered);
    await bob.until(1);
    expect(bob.pushed).toEqual(['bob|kept']);
  });

  it('ends its sessions when the database is silent, and another takes its users', async () => {
    const bridge = await Bridge.open(cluster);
    const cutOff = await openNode(bridge.urlOf(url), { times });
    const other = await openNode(url, { times });
    const bob = await loggedIn(cutOff, 'bob');
    const ann = await loggedIn(other, 'ann');
    bridge.silence('all');
    const sent = bob.send('bob', 'ann', 'into the void');
    expect((await sent).status).toBe(Status.sendFailed);
    expect(bob.ends).toEqual(['mailbox failed']);
    const again = connectTo(other);
    await expect
      .poll(() => again.begin(again.login('bob')))
      .toMatchObject({ status: Status.loggedIn });
    expect((await ann.send('ann', 'bob', 'hi')).status).toBe(Status.delivered);
    await again.until(1);
    expect([again.pushed, ann.pushed]).toEqual([['ann|hi'], []]);
    bridge.heal();
    await expect.poll(() => cutOff.service.available).toBe(true);
    expect((await connectTo(cutOff).login('bob')).status).toBe(Status.alreadyLoggedIn);
  });

  it('asks for nothing twice when a response is lost: what was done in doubt is done once', async () => {
    const bridge = await Bridge.open(cluster);
    const cutOff = await openNode(bridge.urlOf(url), { times });
    const other = await openNode(url, { times });
    const bob = await loggedIn(cutOff, 'bob');
    const ann = await loggedIn(other, 'ann');
    bridge.silence('responses');
    expect((await bob.send('bob', 'ann', 'once')).status).toBe(Status.sendFailed);
    await ann.until(1);
    bridge.heal();
    await expect.poll(() => cutOff.service.available).toBe(true);
    const again = await loggedIn(cutOff, 'bob');
    expect((await again.send('bob', 'ann', 'later')).status).toBe(Status.delivered);
    await ann.until(2);
    expect(ann.pushed).toEqual(['bob|once', 'bob|later']);
  });

  describe('looks for what no notification has told:', () => {
    let looking: TestNode;
    beforeEach(async () => {
      looking = await openNode(url, { times: keeping });
    });

    it('messages', async () => {
      const bob = await loggedIn(looking, 'bob');
      await cluster.query(
        url,
        `
        WITH moved AS (
          UPDATE tandem.accounts SET last_seq = last_seq + 1 WHERE username = 'bob' RETURNING id, last_seq)
        INSERT INTO tandem.messages (recipient, seq, sender, body) SELECT id, last_seq, 'ann', 'hi' FROM moved`,
      );
      await bob.until(1);
      expect(bob.pushed).toEqual(['ann|hi']);
    });

    it('a setting of the server that weakens a promise', async () => {
      const set = async (sql: string) => {
        await cluster.query(url, `ALTER SYSTEM ${sql}`);
        await cluster.query(url, 'SELECT pg_reload_conf()');
      };
      onTestFinished(() => set('RESET full_page_writes'));
      await set('SET full_page_writes = off');
      const told = expect.arrayContaining([expect.stringContaining('full_page_writes = off')]);
      await expect.poll(() => looking.notices).toEqual(told);
    });

    it('sessions that are over', async () => {
      const bob = await loggedIn(looking, 'bob');
      await cluster.query(
        url,
        "UPDATE tandem.accounts SET session_node = NULL WHERE username = 'bob'",
      );
      await bob.until(1);
      expect(bob.ends).toEqual(['resumed elsewhere']);
    });

    it('sessions that nobody has', async () => {
      await connectTo(looking).register('eve');
      await cluster.query(
        url,
        `
        UPDATE tandem.accounts SET session_no = 1000, session_node = ${looking.service.node}
        WHERE username = 'eve'`,
      );
      expect((await connectTo(looking).login('eve')).status).toBe(Status.alreadyLoggedIn);
      await expect
        .poll(() => connectTo(looking).login('eve'))
        .toMatchObject({ status: Status.loggedIn });
    });
  });
});

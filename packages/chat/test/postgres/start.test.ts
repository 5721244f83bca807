import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { type AddressInfo, connect, createServer } from 'node:net';
import { join } from 'node:path';
import { Status } from '@tandem/core';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { Connection } from '../../src/postgres/database/connection.ts';
import { migrate, raiseSchema, schemaSteps } from '../../src/postgres/schema/version.ts';
import { listed } from '../listed.ts';
import { hasPostgres, nameOf, TestCluster } from './cluster.ts';
import { connectTo, openNode } from './nodes.ts';

describe.skipIf(!hasPostgres)('the start of a node', () => {
  let cluster: TestCluster;

  beforeAll(async () => {
    cluster = await TestCluster.start();
    await cluster.query(
      'postgres',
      "CREATE ROLE guarded LOGIN PASSWORD 'right'; CREATE ROLE guest LOGIN; CREATE ROLE limited LOGIN CONNECTION LIMIT 0",
    );
  });
  afterAll(() => cluster?.end());

  const refusal = (url: string) =>
    openNode(url).then(
      () => undefined,
      (error: unknown) => error,
    );

  it('makes the schema once, though many start at once', async () => {
    const url = await cluster.newDatabase();
    const nodes = await Promise.all(Array.from({ length: 4 }, () => openNode(url)));
    expect(new Set(nodes.map(({ service }) => service.node)).size).toBe(4);
    expect(await cluster.query(url, 'SELECT version FROM tandem.schema_version')).toEqual([
      { version: schemaSteps.length },
    ]);
    expect(nodes[0]?.notices).toEqual([expect.stringContaining('fsync = off')]);
  });

  it('takes a step to a later schema once, or not at all, beside nodes that know nothing of it', async () => {
    const url = await cluster.newDatabase();
    const { service } = await openNode(url);
    await service.register('ann');
    const later = 'ALTER TABLE tandem.accounts ADD COLUMN later text';
    const raise = async (...steps: string[]) => {
      const connection = await Connection.open(url, 'tandem test', () => {});
      await migrate(connection, [...schemaSteps, ...steps]).finally(() => connection.close());
    };
    await expect(raise(later, 'SELECT FROM nowhere')).rejects.toThrow('"nowhere" does not exist');
    await (await openNode(url)).service.close();
    await Promise.all([raise(later), raise(later)]);
    await service.register('bob');
    expect(
      await cluster.query(url, 'SELECT username, later FROM tandem.accounts ORDER BY 1'),
    ).toEqual([
      { username: 'ann', later: null },
      { username: 'bob', later: null },
    ]);
    expect(await refusal(url)).toMatchObject({
      code: 'newer',
      message: expect.stringContaining(
        `schema version ${schemaSteps.length + 1}, and this program knows ${schemaSteps.length}`,
      ),
    });
  });

  it('leaves nothing of itself in the database when it stops', async () => {
    const url = await cluster.newDatabase();
    const { service } = await openNode(url);
    await service.register('alice');
    await service.close();
    const left = await cluster.query(
      url,
      'SELECT (SELECT count(*)::int FROM tandem.nodes) AS nodes, (SELECT count(*)::int FROM tandem.accounts) AS accounts',
    );
    expect(left).toEqual([{ nodes: 0, accounts: 1 }]);
  });

  /** Returns the URL of a new database whose defaults are these. */
  async function databaseWith(settings: readonly string[]): Promise<string> {
    const url = await cluster.newDatabase();
    for (const setting of settings) {
      await cluster.query(url, `ALTER DATABASE ${nameOf(url)} SET ${setting}`);
    }
    return url;
  }

  it('sets what its writes rest on, whatever the defaults of the database', async () => {
    const url = await databaseWith([
      'synchronous_commit = off',
      'default_transaction_isolation = serializable',
      'client_min_messages = error',
    ]);
    await openNode(url);
    const [row] = await cluster.query(
      url,
      "SELECT current_setting('synchronous_commit') AS of_others",
    );
    expect(row).toEqual({ of_others: 'off' });
    await cluster.query(
      url,
      `
      CREATE FUNCTION said() RETURNS trigger LANGUAGE plpgsql AS
        'BEGIN NEW.secret := concat_ws('','', current_setting(''synchronous_commit''),
          current_setting(''transaction_isolation''), current_setting(''client_min_messages''));
        RETURN NEW; END';
      CREATE TRIGGER said BEFORE UPDATE ON tandem.accounts FOR EACH ROW EXECUTE FUNCTION said()`,
    );
    const { service } = await openNode(url);
    await service.register('alice');
    expect(await cluster.query(url, 'SELECT secret FROM tandem.accounts')).toEqual([
      { secret: 'on,read committed,warning' },
    ]);
  });

  it('reads and writes the same, whatever the defaults of the database', async () => {
    const url = await databaseWith([
      "DateStyle = 'German'",
      'extra_float_digits = -12',
      'array_nulls = off',
      'gin_fuzzy_search_limit = 1',
      "idle_in_transaction_session_timeout = '1ms'",
      "search_path = ''",
      'session_replication_role = replica',
    ]);
    const node = await openNode(url, { times: { lookMs: 50 } });
    const [ann, bob] = [connectTo(node), connectTo(node)];
    await ann.register('ann');
    await bob.register('bob');
    await cluster.query(
      url,
      `SELECT setval('tandem.session_numbers', 7654321);
       UPDATE tandem.accounts SET last_seq = 1234567, taken_seq = 1234567`,
    );
    await ann.begin(ann.login('ann'));
    await ann.send('ann', 'bob', 'one');
    await ann.send('ann', 'bob', 'two');
    expect(await bob.begin(bob.login('bob'))).toMatchObject({ unread: ['ann|one', 'ann|two'] });
    // Only a look finds it, and only for a session that it knows.
    await cluster.query(
      url,
      `UPDATE tandem.accounts SET last_seq = last_seq + 1 WHERE username = 'bob';
       INSERT INTO tandem.messages (recipient, seq, sender, body)
       SELECT id, last_seq, 'ann', 'three' FROM tandem.accounts WHERE username = 'bob'`,
    );
    await bob.until(1);
    expect([bob.pushed, bob.ends, ann.ends]).toEqual([['ann|three'], [], []]);
    const asker = { origin: { address: '', use: 0 }, isGone: () => false };
    expect(listed(await node.service.search('*', asker))).toMatchObject({
      usernames: ['ann', 'bob'],
    });
    const [seen] = await node.service.cluster.nodes();
    expect(Date.now() - Date.parse(seen?.since ?? '')).toBeLessThan(3_600_000);
  });

  it('waits for no process that was stopped when it looked at the schema', async () => {
    const url = await cluster.newDatabase();
    await (await openNode(url)).service.close();
    const stopped = await Connection.open(url, 'tandem test', () => {});
    onTestFinished(() => stopped.close());
    await stopped.query('BEGIN');
    await raiseSchema(stopped);
    expect((await openNode(url)).service.node).toBe(2);
  });

  /** Returns the URL of a database behind what chooses a server for each connection, counted from 1. */
  async function urlBehind(
    choose: (connection: number) => Promise<TestCluster>,
    { pathname }: URL,
  ): Promise<string> {
    let connections = 0;
    const balancer = createServer(async (client) => {
      const server = connect((await choose(++connections)).socket);
      client.pipe(server).pipe(client);
      for (const [socket, other] of [
        [client, server],
        [server, client],
      ] as const) {
        socket.on('error', () => {});
        socket.on('close', () => other.destroy());
      }
    }).listen(0, '127.0.0.1');
    onTestFinished(() => void balancer.close());
    await once(balancer, 'listening');
    const { port } = balancer.address() as AddressInfo;
    return `postgres://tandem@127.0.0.1:${port}${pathname}`;
  }

  it('refuses connections that lead to several servers', async () => {
    const second = await TestCluster.start();
    onTestFinished(() => second.end());
    const database = new URL(await cluster.newDatabase());
    await second.query('postgres', `CREATE DATABASE ${database.pathname.slice(1)}`);
    const url = await urlBehind(async (count) => (count === 1 ? cluster : second), database);
    expect(await refusal(url)).toMatchObject({
      code: 'unfit',
      message: expect.stringContaining('several PostgreSQL servers'),
    });
  });

  it('says why a connection has ended that it opened before others, and takes another place', async () => {
    const database = await cluster.newDatabase();
    const endFirst = `SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity
      WHERE datname = current_database() AND application_name LIKE 'tandem control%'`;
    const url = await urlBehind(async (count) => {
      if (count === 2) await cluster.query(database, endFirst);
      return cluster;
    }, new URL(database));
    const { notices } = await openNode(url);
    expect(notices).toContainEqual(
      expect.stringMatching(/before it used it: .*terminating connection due to administrator/),
    );
  });

  it.each([
    [
      'no server',
      () => `postgres:///test?host=${join(cluster.directory, 'nowhere')}`,
      'unreachable',
      'ENOENT',
    ],
    [
      'nobody on the port',
      () => 'postgres://tandem@127.0.0.1:1/test',
      'unreachable',
      'ECONNREFUSED',
    ],
    ['no such database', () => cluster.urlOf('nowhere'), 'not-found', '"nowhere" does not exist'],
    [
      'no such user',
      () => cluster.urlOf('postgres', 'nobody'),
      'denied',
      '"nobody" does not exist',
    ],
    [
      'a wrong password',
      () => `${cluster.urlOf('postgres', 'guarded')}&password=wrong`,
      'denied',
      'password authentication failed',
    ],
    ['no password', () => cluster.urlOf('postgres', 'guarded'), 'denied', 'wants a password'],
    [
      'no connection left',
      () => cluster.urlOf('postgres', 'limited'),
      'refused',
      'too many connections for role "limited"',
    ],
    [
      'a user who may do nothing',
      () => cluster.urlOf('postgres', 'guest'),
      'denied',
      'permission denied',
    ],
  ])('says that there is %s', async (_name, url, code, message) => {
    expect(await refusal(url())).toMatchObject({
      name: 'StoreError',
      code,
      message: expect.stringContaining(message),
    });
  });

  /** Bytes that somebody sends in place of PostgreSQL. */
  const bytesOf = (type: string, length: number, content: string) =>
    Buffer.concat([
      Buffer.from(type),
      Buffer.from([0, 0, 0, length]),
      Buffer.from(content, 'latin1'),
    ]);
  it.each([
    ['gss', bytesOf('R', 8, '\0\0\0\x07'), 'refused', 'such as gss'],
    ['no number of authentication', bytesOf('R', 2, '\0\0\0'), 'unreachable', ''],
    ['text', Buffer.from('HTTP/1.1 400 Bad Request\r\n\r\n'), 'unreachable', ''],
  ])('says what is wrong when %s comes, and ends nothing', async (_name, bytes, code, message) => {
    const stranger = createServer((client) => {
      client.on('error', () => {});
      client.once('data', () => client.end(bytes));
    }).listen(0, '127.0.0.1');
    onTestFinished(() => void stranger.close());
    await once(stranger, 'listening');
    const { port } = stranger.address() as AddressInfo;
    expect(await refusal(`postgres://tandem@127.0.0.1:${port}/test`)).toMatchObject({
      name: 'StoreError',
      code,
      message: expect.stringContaining(message),
    });
  });

  describe('that loses its place before it uses it', () => {
    const lostAt = {
      // By a trigger of the renewal of its lease, or by what reads who is banned.
      lease: `CREATE TRIGGER at_start BEFORE UPDATE ON tandem.leases
        FOR EACH ROW EXECUTE FUNCTION tandem.at_start()`,
      look: `ALTER TABLE tandem.bans RENAME TO kept_bans;
        CREATE VIEW tandem.bans AS SELECT * FROM tandem.kept_bans WHERE tandem.may_start() UNION
          SELECT 'name', 'nobody' WHERE tandem.may_start()`,
    };
    const ends = 'PERFORM pg_terminate_backend(pg_backend_pid())';
    const buries = "RAISE EXCEPTION 'node is buried' USING ERRCODE = 'TD001'";

    /** Makes a database in which the first starts lose their place, and returns its URL. */
    async function databaseThatLoses(at: keyof typeof lostAt, how: string, times: number) {
      const url = await cluster.newDatabase();
      await (await openNode(url)).service.close();
      await cluster.query(
        url,
        `CREATE SEQUENCE tandem.starts;
        CREATE FUNCTION tandem.may_start() RETURNS boolean LANGUAGE plpgsql AS
          $$ BEGIN IF nextval('tandem.starts') <= ${times} THEN ${how}; END IF; RETURN true; END $$;
        CREATE FUNCTION tandem.at_start() RETURNS trigger LANGUAGE plpgsql AS
          $$ BEGIN PERFORM tandem.may_start(); RETURN NEW; END $$;
        ${lostAt[at]}`,
      );
      return url;
    }

    it.each([
      ['a connection has ended', 'look', ends, 'the connection to PostgreSQL'],
      ['a connection has ended while it was taken', 'lease', ends, 'the connection to PostgreSQL'],
      ['another node has buried it', 'lease', buries, 'another node has taken this one for dead'],
    ] as const)('takes another when %s', async (_name, at, how, reason) => {
      const { service, notices } = await openNode(await databaseThatLoses(at, how, 2));
      const said = notices.filter((notice) => notice.includes('before it used it'));
      expect(said).toEqual([expect.stringContaining(reason), expect.stringContaining(reason)]);
      expect((await service.register('ann')).status).toBe(Status.registered);
    });
  });

  it('refuses a database that is read only', async () => {
    const url = await databaseWith(['default_transaction_read_only = on']);
    expect(await refusal(url)).toMatchObject({
      code: 'unfit',
      message: expect.stringContaining('read only'),
    });
  });

  it('refuses a schema that somebody has changed, and the server of no TLS that is to have it', async () => {
    const url = await cluster.newDatabase();
    await (await openNode(url)).service.close();
    await cluster.query(url, 'ALTER TABLE tandem.accounts DROP COLUMN session_no');
    expect(await refusal(url)).toMatchObject({
      code: 'schema',
      message: expect.stringMatching(/^PostgreSQL: column .* does not exist$/),
    });
    expect(await refusal(`${url}&sslmode=no-verify`)).toMatchObject({
      code: 'refused',
      message: 'PostgreSQL: The server does not support SSL connections',
    });
  });

  it('refuses a pooler, behind which the process has another number', async () => {
    const url = await cluster.newDatabase();
    // What a client is told of its process comes from the pooler itself.
    const pooler = createServer((client) => {
      const server = connect(cluster.socket);
      client.pipe(server);
      server.on('data', (chunk) => {
        const at = chunk.indexOf(Buffer.from([0x4b, 0, 0, 0, 12]));
        if (at !== -1) chunk.writeInt32BE(7, at + 5);
        client.write(chunk);
      });
      for (const socket of [client, server]) socket.on('error', () => {});
      server.on('close', () => client.destroy());
    }).listen(0, '127.0.0.1');
    onTestFinished(() => void pooler.close());
    await once(pooler, 'listening');
    const { port } = pooler.address() as AddressInfo;
    expect(
      await refusal(`postgres://tandem@127.0.0.1:${port}${new URL(url).pathname}`),
    ).toMatchObject({
      code: 'unfit',
      message: expect.stringContaining('a pooler'),
    });
  });

  it('refuses a standby', async () => {
    const url = await cluster.newDatabase();
    await cluster.halt();
    writeFileSync(join(cluster.data, 'standby.signal'), '');
    await cluster.begin();
    expect(await refusal(url)).toMatchObject({
      code: 'unfit',
      message: expect.stringContaining('standby'),
    });
  });
});

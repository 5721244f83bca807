import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { type AddressInfo, connect, createServer } from 'node:net';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { schemaSteps } from '../../src/postgres/schema.ts';
import { hasPostgres, nameOf, TestCluster } from './cluster.ts';
import { openNode } from './nodes.ts';

describe.skipIf(!hasPostgres)('the start of a node', () => {
  let cluster: TestCluster;

  beforeAll(async () => {
    cluster = await TestCluster.start();
    await cluster.query(
      'postgres',
      "CREATE ROLE guarded LOGIN PASSWORD 'right'; CREATE ROLE guest LOGIN",
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

  it('brings the schema of an earlier version up, beside whose nodes it runs', async () => {
    const url = await cluster.newDatabase();
    await cluster.query(
      url,
      `CREATE SCHEMA tandem; ${schemaSteps[0]}
       CREATE TABLE tandem.schema_version (version integer NOT NULL);
       INSERT INTO tandem.schema_version VALUES (1)`,
    );
    const earlier = new pg.Client({ connectionString: url });
    await earlier.connect();
    onTestFinished(() => earlier.end());
    const joined = await earlier.query("SELECT tandem.join_nodes('earlier:1') AS node");
    const [{ node }] = joined.rows;
    const { service } = await openNode(url);
    expect((await earlier.query('SELECT node FROM tandem.renew($1)', [node])).rows).toEqual([
      { node: service.node },
    ]);
    expect(await service.cluster.nodes()).toMatchObject([
      { node, state: 'serving', process: 'earlier:1' },
      { node: service.node, state: 'serving' },
    ]);
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

  it('sets what its writes rest on, whatever the defaults of the database', async () => {
    const url = await cluster.newDatabase();
    for (const setting of [
      'synchronous_commit = off',
      'default_transaction_isolation = serializable',
      'client_min_messages = error',
    ]) {
      await cluster.query(url, `ALTER DATABASE ${nameOf(url)} SET ${setting}`);
    }
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

  it('refuses connections that lead to several servers', async () => {
    const second = await TestCluster.start();
    onTestFinished(() => second.end());
    const { pathname } = new URL(await cluster.newDatabase());
    await second.query('postgres', `CREATE DATABASE ${pathname.slice(1)}`);
    let connections = 0;
    const balancer = createServer((client) => {
      const server = connect((connections++ === 0 ? cluster : second).socket);
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
    expect(await refusal(`postgres://tandem@127.0.0.1:${port}${pathname}`)).toMatchObject({
      code: 'unfit',
      message: expect.stringContaining('several PostgreSQL servers'),
    });
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

  it('leaves a schema alone that is newer', async () => {
    const url = await cluster.newDatabase();
    await (await openNode(url)).service.close();
    await cluster.query(url, 'UPDATE tandem.schema_version SET version = 99');
    expect(await refusal(url)).toMatchObject({
      code: 'newer',
      message: expect.stringContaining(
        `schema version 99, and this program knows ${schemaSteps.length}`,
      ),
    });
    expect(await cluster.query(url, 'SELECT version FROM tandem.schema_version')).toEqual([
      { version: 99 },
    ]);
  });

  it('refuses a database that is read only', async () => {
    const url = await cluster.newDatabase();
    await cluster.query(
      url,
      `ALTER DATABASE ${nameOf(url)} SET default_transaction_read_only = on`,
    );
    expect(await refusal(url)).toMatchObject({
      code: 'unfit',
      message: expect.stringContaining('read only'),
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

import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { Status } from '@tandem/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { listed } from '../listed.ts';
import { hasPostgres, nameOf, TestCluster } from './cluster.ts';
import { connectTo, openNode, type TestClient } from './nodes.ts';

const secret = 'correct horse battery';
const forgetTokens = 'UPDATE tandem.accounts SET token = NULL';

describe.skipIf(!hasPostgres)('a backup by the tools of PostgreSQL', () => {
  let cluster: TestCluster;
  beforeAll(async () => {
    cluster = await TestCluster.start();
  });
  afterAll(() => cluster?.end());

  const run = (program: string, ...args: readonly string[]) =>
    execFileSync(program, [`--host=${cluster.directory}`, '--username=tandem', ...args]);

  it('of a database that nodes use begins a chat of that moment, in which no count means a later message', async () => {
    const from = await cluster.newDatabase();
    const file = join(cluster.directory, 'tandem.dump');
    const node = await openNode(from);
    const ann = connectTo(node);
    await ann.register('ann', secret);
    await connectTo(node).register('bob');
    const { token = '' } = await ann.begin(ann.loginWithSecret('ann', secret));
    const bob = connectTo(node);
    await bob.begin(bob.login('bob'));
    await bob.send('bob', 'ann', '1');
    await bob.send('bob', 'ann', '2');
    run('pg_dump', '--format=custom', `--file=${file}`, `--dbname=${nameOf(from)}`);
    await bob.send('bob', 'ann', '3');
    await ann.until(3);
    expect(ann.pushed).toEqual(['bob|1', 'bob|2', 'bob|3']);
    await node.service.close();

    const to = await cluster.newDatabase();
    run('pg_restore', '--no-owner', '--exit-on-error', `--dbname=${nameOf(to)}`, file);
    await cluster.query(to, forgetTokens);
    const restored = await openNode(to);
    // Its number is that of the message that was lost.
    const sender = await loggedIn(connectTo(restored), 'bob');
    expect((await sender.send('bob', 'ann', 'new')).status).toBe(Status.stored);
    const again = connectTo(restored);
    expect((await again.resume('ann', token, 3)).status).toBe(Status.notResumable);
    const { unread } = await again.begin(again.loginWithSecret('ann', secret));
    expect(unread).toEqual(['bob|1', 'bob|2', 'bob|new']);
    expect(listed(await again.search('*'))).toMatchObject({ usernames: ['ann', 'bob'] });
  });
});

async function loggedIn(client: TestClient, name: string): Promise<TestClient> {
  expect((await client.begin(client.login(name))).status).toBe(Status.loggedIn);
  return client;
}

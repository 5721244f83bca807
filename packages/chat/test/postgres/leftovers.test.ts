import { Status } from '@tandem/core';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { hasPostgres, TestCluster } from './cluster.ts';
import { connectTo, openNode, type TestClient, type TestNode } from './nodes.ts';

const secret = 'correct horse battery';
const messages = 1_200;
const bodyOf = (number: number) => `${number}`.padStart(7, '0');
const usage = { storedBytesPerUser: 10 * messages };

describe.skipIf(!hasPostgres)('the rows of a mailbox that is emptied at once', () => {
  let cluster: TestCluster;
  let node: TestNode;
  let url: string;
  let zoe: TestClient;

  const rowsSql = `SELECT (SELECT count(*)::int FROM tandem.messages) AS messages,
    (SELECT count(*)::int FROM tandem.blocks) AS blocks,
    (SELECT count(*)::int FROM tandem.leftovers) AS leftovers`;
  const rows = async () => (await cluster.query(url, rowsSql))[0];

  beforeAll(async () => {
    cluster = await TestCluster.start();
  });
  afterAll(() => cluster?.end());

  /** Ann has a long mailbox, and nothing is removed before the next second. */
  beforeEach(async () => {
    url = await cluster.emptyDatabase();
    node = await openNode(url, { usage });
    zoe = connectTo(node);
    for (const name of ['zoe', 'bob']) await zoe.register(name);
    await zoe.register('ann', secret);
    await zoe.begin(zoe.login('zoe'));
    const sent = Array.from({ length: messages }, (_, i) => zoe.send('zoe', 'ann', bodyOf(i)));
    for (const { status } of await Promise.all(sent)) expect(status).toBe(Status.stored);
  });

  const emptied: [string, (ann: TestClient, token: string) => Promise<unknown>][] = [
    [
      'an acknowledgement',
      async (ann) => {
        ann.acknowledge(messages);
        await ann.confirm();
      },
    ],
    [
      'a resume',
      async (ann, token) => {
        ann.end();
        const again = connectTo(node);
        const resumed = await again.begin(again.resume('ann', token, messages));
        expect(resumed).toMatchObject({ status: Status.loggedIn, unread: [] });
      },
    ],
    [
      'the end of its account',
      async (ann) => {
        await ann.setBlocked('ann', 'bob', true);
        expect((await ann.delete('ann')).status).toBe(Status.deleted);
      },
    ],
  ];

  it('are not read again by the next session', async () => {
    const ann = connectTo(node);
    const { token } = await ann.begin(ann.loginWithSecret('ann', secret));
    ann.acknowledge(1_100);
    await ann.confirm();
    ann.end();
    expect(await rows()).toMatchObject({ messages, leftovers: 1 });
    const again = connectTo(node);
    const { unread } = await again.begin(again.resume('ann', token as string, 1_100));
    expect(unread).toHaveLength(messages - 1_100);
    expect(unread[0]).toBe(`zoe|${bodyOf(1_100)}`);
  });

  it('are removed at once where the account that ends has few of them', async () => {
    const ann = connectTo(node);
    await ann.begin(ann.loginWithSecret('ann', secret));
    ann.acknowledge(messages);
    await ann.confirm();
    await expect.poll(rows, { timeout: 10_000 }).toEqual({ messages: 0, blocks: 0, leftovers: 0 });
    for (let i = 0; i < 16; i++) await zoe.send('zoe', 'ann', bodyOf(i));
    await ann.setBlocked('ann', 'bob', true);
    // The first message lies with the account.
    expect(await rows()).toEqual({ messages: 15, blocks: 1, leftovers: 0 });
    await ann.delete('ann');
    expect(await rows()).toEqual({ messages: 0, blocks: 0, leftovers: 0 });
  });

  it('are not removed by a batch in many parts, between which other steps stand', async () => {
    const users = ['eve', 'kim'].map((name) => ({ name, client: connectTo(node) }));
    for (const { name, client } of users) await client.register(name);
    await cluster.query(
      url,
      `INSERT INTO tandem.messages SELECT id, seq, 'zoe', 'x' FROM tandem.accounts, generate_series(1, 600) AS seq
      WHERE username IN ('eve', 'kim')`,
    );
    const full = "UPDATE tandem.accounts SET last_seq = 600 WHERE username IN ('eve', 'kim')";
    await cluster.query(url, full);
    for (const { name, client } of users) await client.begin(client.login(name));
    // In one turn of the event loop, and so in one batch.
    await Promise.all(
      users.map(({ name, client }) => {
        client.acknowledge(600);
        return client.setBlocked(name, 'bob', true);
      }),
    );
    expect(await rows()).toEqual({ messages: messages + 600, blocks: 2, leftovers: 1 });
  });

  it('are removed in few slices, though they were left over in small parts', async () => {
    await node.service.close();
    const parts = `INSERT INTO tandem.leftovers (recipient, after, through, deleted)
      SELECT recipient, seq - 1, seq, false FROM tandem.messages WHERE seq <= 1200`;
    await cluster.query(url, parts);
    const slices = [];
    for (let i = 0; i < 3; i++) {
      slices.push((await cluster.query(url, 'SELECT tandem.sweep(1000) AS rows'))[0]);
    }
    // A row of a message, and one that tells of it.
    expect(slices).toEqual([{ rows: 1000 }, { rows: 1000 }, { rows: 400 }]);
  });

  it.each(emptied)('are removed later, in slices, after %s', async (_, empty) => {
    const ann = connectTo(node);
    const { status, token, unread } = await ann.begin(ann.loginWithSecret('ann', secret));
    expect([status, unread.length]).toEqual([Status.loggedInUnread, messages]);
    await empty(ann, token as string);
    // Its rows are there, and count for nobody.
    expect(await rows()).toMatchObject({ messages, leftovers: 1 });
    await zoe.logout('zoe');
    // It counts them anew.
    const there = connectTo(await openNode(url, { usage }));
    await there.begin(there.login('zoe'));
    expect(await there.send('zoe', 'bob', 'seven B')).toEqual({ status: Status.stored });
    await expect.poll(rows, { timeout: 10_000 }).toEqual({ messages: 1, blocks: 0, leftovers: 0 });
  });
});

import { Status } from '@tandem/core';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { hasPostgres, TestCluster } from './cluster.ts';
import { connectTo, openNode, quickHasher, type TestClient, type TestNode } from './nodes.ts';

// Ten messages of ten bytes, the name of the sender included.
const usage = { storedBytesPerUser: 100 };
const body = 'seven B';
const secret = 'correct horse battery';

describe.skipIf(!hasPostgres)('the bytes of a user in mailboxes, at two nodes', () => {
  let cluster: TestCluster;
  let [one, other]: TestNode[] = [];

  beforeAll(async () => {
    cluster = await TestCluster.start();
  });
  afterAll(() => cluster?.end());
  beforeEach(async () => {
    const url = await cluster.emptyDatabase();
    [one, other] = await Promise.all([openNode(url, { usage }), openNode(url, { usage })]);
  });

  const at = (node: TestNode | undefined) => connectTo(node as TestNode);
  async function logIn(node: TestNode | undefined, username: string): Promise<TestClient> {
    const client = at(node);
    await client.register(username);
    expect([8, 9]).toContain((await client.begin(client.login(username))).status);
    return client;
  }
  const sendAll = async (client: TestClient, recipient: string, count: number) =>
    (
      await Promise.all(Array.from({ length: count }, () => client.send('eve', recipient, body)))
    ).map(({ status }) => status);

  it('are bounded exactly, though many messages come at once, and wherever the user goes', async () => {
    for (const name of ['ann', 'bob']) await at(one).register(name);
    const eve = await logIn(one, 'eve');
    const statuses = [...(await sendAll(eve, 'ann', 6)), ...(await sendAll(eve, 'bob', 6))];
    expect(statuses).toEqual([...Array(10).fill(Status.stored), Status.tooBusy, Status.tooBusy]);
    expect(one?.service.usage.refusals.storedBytesPerUser).toBe(2);
    await eve.logout('eve');
    const there = await logIn(other, 'eve');
    expect(await sendAll(there, 'ann', 1)).toEqual([Status.tooBusy]);
    // The name counts, and not the account.
    await there.delete('eve');
    expect(await sendAll(await logIn(one, 'eve'), 'ann', 1)).toEqual([Status.tooBusy]);
  });

  it('count also where a message lies with each of many accounts, wherever the user goes', async () => {
    const statuses: number[] = [];
    for (let hop = 0; hop < 4; hop++) {
      const names = Array.from({ length: 5 }, (_, i) => `reader${hop}x${i}`);
      for (const name of names) await logIn(one, name);
      const eve = await logIn(hop % 2 === 0 ? one : other, 'eve');
      for (const name of names) statuses.push((await eve.send('eve', name, body)).status);
      await eve.logout('eve');
    }
    expect(statuses).toEqual([
      ...Array(10).fill(Status.delivered),
      ...Array(10).fill(Status.tooBusy),
    ]);
  });

  it('are free again when recipients have taken them at another node, or are deleted', async () => {
    const bob = await logIn(other, 'bob');
    await at(other).register('ann');
    const eve = await logIn(one, 'eve');
    await sendAll(eve, 'bob', 5);
    await sendAll(eve, 'ann', 5);
    expect(await sendAll(eve, 'ann', 1)).toEqual([Status.tooBusy]);
    await bob.until(5);
    bob.acknowledge(2);
    await bob.confirm();
    /** Sends so many as are free: the first one as soon as it counts again, which it does for a part of the time. */
    const sendFree = async (count: number) => {
      await expect.poll(() => sendAll(eve, 'bob', 1)).toEqual([Status.delivered]);
      expect(await sendAll(eve, 'bob', count)).toEqual([
        ...Array(count - 1).fill(Status.delivered),
        Status.tooBusy,
      ]);
    };
    await sendFree(2);
    await other?.service.administration.delete('ann');
    await sendFree(5);
  });

  it('are counted anew only where their user had no session before', async () => {
    const url = await cluster.emptyDatabase();
    [one, other] = await Promise.all([openNode(url, { usage }), openNode(url, { usage })]);
    await at(one).register('ann');
    const first = await logIn(one, 'eve');
    expect(await sendAll(first, 'ann', 5)).toEqual(Array(5).fill(Status.stored));
    await first.logout('eve');
    // No node knows of these.
    const moreSql = `INSERT INTO tandem.messages (recipient, seq, sender, body)
      SELECT id, last_seq + 1000 + i, 'eve', '${body}' FROM tandem.accounts, generate_series(1, 100) i
      WHERE username = 'ann'`;
    await cluster.query(url, moreSql);
    const again = await logIn(one, 'eve');
    expect(await sendAll(again, 'ann', 1)).toEqual([Status.stored]);
    await again.logout('eve');
    const there = await logIn(other, 'eve');
    expect(await sendAll(there, 'ann', 1)).toEqual([Status.tooBusy]);
    await there.logout('eve');
    // The other node may have stored more meanwhile.
    expect(await sendAll(await logIn(one, 'eve'), 'ann', 1)).toEqual([Status.tooBusy]);
  });

  it('say nothing of users who are not there, and of mailboxes that are full', async () => {
    const url = await cluster.emptyDatabase();
    const node = await openNode(url, { usage, limits: { mailboxMessagesMax: 8 } });
    for (const name of ['ann', 'bob']) await at(node).register(name);
    const eve = await logIn(node, 'eve');
    const statuses = await Promise.all(
      ['nobody', ...Array(9).fill('ann'), ...Array(3).fill('bob'), 'nobody', 'ann'].map((name) =>
        eve.send('eve', name, body),
      ),
    );
    expect(statuses.map(({ status }) => status)).toEqual([
      Status.noSuchUser,
      ...Array(8).fill(Status.stored),
      Status.mailboxFull,
      ...Array(2).fill(Status.stored),
      Status.tooBusy,
      Status.noSuchUser,
      Status.mailboxFull,
    ]);
  });

  it('is joined by all else that a user or an address may use, a moment later', async () => {
    const url = await cluster.emptyDatabase();
    const limits = {
      registersPerAddress: 60,
      sendsPerUser: 64,
      sendsPerAddress: 6_000,
      searchesPerAddress: 64,
    };
    const tries = {
      perAccount: { burst: 5, perSecond: 0.01 },
      perAddress: { burst: 50, perSecond: 1 },
    };
    const options = {
      usage: limits,
      times: { renewMs: 50 },
      identity: { hasher: quickHasher, tries, refusalHeldMs: 1 },
    };
    const [first, second] = [await openNode(url, options), await openNode(url, options)];
    const client = at(first);
    await client.register('ann', secret);
    for (let i = 0; i < 40; i++) await client.register(`user${i}`);
    for (let i = 0; i < 64; i++) await client.search('nobody');
    const user = at(first);
    await user.begin(user.login('user0'));
    for (let i = 0; i < 64; i++) await user.send('user0', 'user1', 'hi');
    await user.logout('user0');
    // The last thing that is used. A secret that is right uses nothing up.
    for (let i = 0; i < 5; i++) await client.loginWithSecret('ann', `wrong secret ${i}`);
    const guess = async () => {
      const guesser = at(second);
      const { status } = await guesser.loginWithSecret('ann', secret);
      guesser.leave();
      return status;
    };
    await expect.poll(guess).toBe(Status.tooManyTries);
    const there = at(second);
    expect((await there.search('nobody')).status).toBe(Status.tooBusy);
    await there.begin(there.login('user0'));
    expect((await there.send('user0', 'user1', 'hi')).status).toBe(Status.tooBusy);
    const made = await Promise.all(
      Array.from({ length: 40 }, (_, i) => at(second).register(`more${i}`)),
    );
    const refused = made.filter(({ status }) => status === Status.tooBusy);
    expect(refused.length).toBeGreaterThan(5);
  });
});

import { Status, searchResultsMax } from '@tandem/core';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Chat, ChatService, MemoryStore } from '../../src/index.ts';
import { hasPostgres, TestCluster } from './cluster.ts';
import { connectTo, openNode } from './nodes.ts';

// Few letters, so that queries match; letters of either case and digits, whose order is that of their bytes.
const letter = fc.constantFrom('a', 'b', 'c', 'A', 'B', 'z', 'Z', '0', '9');
const name = fc.string({ unit: letter, minLength: 1, maxLength: 9 });
const query = fc.string({
  unit: fc.oneof({ weight: 3, arbitrary: letter }, { weight: 2, arbitrary: fc.constant('*') }),
  maxLength: 8,
});

const refuseExtensions = `
CREATE FUNCTION refuse() RETURNS event_trigger LANGUAGE plpgsql AS $$
BEGIN RAISE insufficient_privilege; END $$;
CREATE EVENT TRIGGER refuse ON ddl_command_start WHEN TAG IN ('CREATE EXTENSION') EXECUTE FUNCTION refuse()`;

describe.skipIf(!hasPostgres)('a search at a node', () => {
  let cluster: TestCluster;
  beforeAll(async () => {
    cluster = await TestCluster.start();
  });
  afterAll(() => cluster?.end());

  const scansOf = async (url: string) =>
    Number(
      (
        await cluster.query<{ scans: string }>(
          url,
          "SELECT idx_scan AS scans FROM pg_stat_user_indexes WHERE indexrelname = 'names_by_part'",
        )
      )[0]?.scans,
    );

  /** Compares a node with a server that has the same accounts in memory. */
  async function compare(url: string): Promise<void> {
    const node = await openNode(url);
    const local = await ChatService.open({ store: new MemoryStore() });
    const services: readonly Chat[] = [node.service, local];
    const names = fc.sample(name, { numRuns: 300, seed: 1 });
    const deleted = names.slice(0, 50);
    for (const service of services) {
      const client = connectTo({ service });
      await Promise.all(names.map((each) => client.register(each)));
      await Promise.all(deleted.map((each) => service.administration.delete(each)));
      await Promise.all(deleted.slice(0, 10).map((each) => client.register(each)));
    }
    const [ofNode, ofLocal] = services.map((service) => connectTo({ service }));
    await fc.assert(
      fc.asyncProperty(query, async (text) => {
        expect(await ofNode?.search(text)).toEqual(await ofLocal?.search(text));
      }),
      { numRuns: 250 },
    );
    await node.service.close();
  }

  it('finds what a search in memory finds, in the same order', async () => {
    await compare(await cluster.newDatabase());
  });

  it('finds the same by the index of parts of names', async () => {
    const url = await cluster.newDatabase();
    await (await openNode(url)).service.close();
    // As in a large table, though this one is small: PostgreSQL has no other way.
    await cluster.query(
      url,
      `ALTER TABLE tandem.names DROP CONSTRAINT names_pkey;
      DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET enable_seqscan = off', current_database()); END $$`,
    );
    await compare(url);
    expect(await scansOf(url)).toBeGreaterThan(50);
  });

  it('finds the same where there may be no such index, and says what is slow and how to get it', async () => {
    const url = await cluster.newDatabase();
    await cluster.query(url, refuseExtensions);
    await compare(url);
    const complaint =
      /a search that begins with \* reads all names: .* SELECT tandem\.index_names\(\)$/;
    expect((await openNode(url)).notices).toContainEqual(expect.stringMatching(complaint));
    await cluster.query(url, 'DROP EVENT TRIGGER refuse');
    expect(await cluster.query(url, 'SELECT tandem.index_names() AS is')).toEqual([{ is: true }]);
    expect((await openNode(url)).notices.join()).not.toContain('pg_trgm');
  });

  it('takes an extension that is in another schema already', async () => {
    const url = await cluster.newDatabase();
    await cluster.query(
      url,
      'CREATE SCHEMA "of others"; CREATE EXTENSION pg_trgm SCHEMA "of others"',
    );
    expect((await openNode(url)).notices.join()).not.toContain('pg_trgm');
  });

  it('of a user takes the place of a stranger when too many wait', async () => {
    const url = await cluster.newDatabase();
    const node = await openNode(url, { limits: { searchesWaitingMax: 2 } });
    const user = connectTo(node);
    await user.register('ann');
    await user.begin(user.login('ann'));
    const strangers = Array.from({ length: 2 }, () => connectTo(node).search('*n'));
    const found = { status: Status.found };
    expect(await Promise.all([user.search('*n'), ...strangers])).toMatchObject([
      found,
      found,
      { status: Status.tooBusy },
    ]);
    user.end();
    expect(node.service.scheduler.isUser(user.origin)).toBe(false);
  });

  it('is cut where one in memory is', async () => {
    const url = await cluster.newDatabase();
    const node = await openNode(url);
    const { length } = await cluster.query(
      url,
      `INSERT INTO tandem.names SELECT 'user' || n FROM generate_series(1, ${searchResultsMax + 1}) n RETURNING 1`,
    );
    expect(length).toBe(searchResultsMax + 1);
    const client = connectTo(node);
    for (const text of ['user*', '*ser*', '*']) {
      const found = await client.search(text);
      expect(found).toMatchObject({ status: Status.foundCut });
      expect('usernames' in found && found.usernames.length).toBe(searchResultsMax);
    }
  });
});

import { existsSync } from 'node:fs';
import { opSuite, playOpSuite } from '@tandem/conformance/op-suite';
import { Status } from '@tandem/core';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { accountName } from '../src/lanes/chat/accounts.ts';
import { loadLane } from '../src/lanes/index.ts';
import type { LaneClient, LaneServer, Target } from '../src/lanes/lane.ts';
import { LaneDatabase } from '../src/lanes/postgres/database.ts';
import { startNode } from '../src/lanes/postgres/node.ts';

const host = '127.0.0.1';
const lane = await loadLane('sockets-framed-postgres');

async function connectTo(ports: Omit<Target, 'host'> | undefined): Promise<LaneClient> {
  const client = await lane.connect({ host, port: 0, ...ports });
  onTestFinished(() => client.close());
  return client;
}

describe.skipIf(lane.missing !== undefined)('two nodes of one database', () => {
  let server: LaneServer | undefined;

  beforeAll(async () => {
    server = await lane.startServer?.({ accounts: 300, nodes: 2 });
  });

  afterAll(() => server?.close());

  test('find the accounts with which they began, at either', async () => {
    const ports = [server?.port, ...(server?.otherPorts ?? [])];
    expect(ports).toHaveLength(2);
    for (const port of ports) {
      const { chat } = await connectTo({ port: port ?? 0 });
      expect(await chat?.search(accountName(7))).toMatchObject({ status: Status.found });
    }
  });

  test('carry sends of connections that take them in turn, and count what all processes use', async () => {
    const clients = [await connectTo(server), await connectTo(server)];
    const body = 'x'.repeat(262);
    const before = await server?.beside?.();
    for (const client of clients) {
      await client.prepare({ kind: 'search' });
      await client.operation({ kind: 'search' })();
      await client.prepare({ kind: 'send', body });
      await client.operation({ kind: 'send', body })();
    }
    const after = await server?.beside?.();
    const used = Object.entries(after ?? {}).map(([name, value]) => [
      name,
      value - (before?.[name] ?? 0),
    ]);
    const { commits = 0, log = 0, ...cpu } = Object.fromEntries(used) as Record<string, number>;

    // Both have carried out at least a register, two logins and a send.
    expect(commits).toBeGreaterThanOrEqual(8);
    expect(log).toBeGreaterThan(2 * body.length);
    expect(Object.keys(cpu)).toEqual(['nodes-cpu', 'database-cpu']);
    expect(cpu['nodes-cpu']).toBeGreaterThan(0);
  });
});

test.skipIf(lane.missing !== undefined)(
  'a node has the outcomes of the op suite, its database syncs what is committed, and leaves nothing behind',
  async () => {
    const database = await LaneDatabase.start();
    const node = await startNode(database.url);
    const { chat } = await connectTo(node);
    const outcomes = chat === undefined ? [] : await playOpSuite(chat);
    const [row] = await database.query<{ commit: string; sync: string; data: string }>(
      "SELECT current_setting('synchronous_commit') AS commit, current_setting('fsync') AS sync, current_setting('data_directory') AS data",
    );

    await node.close();
    await database.end();

    expect(outcomes).toEqual(opSuite.filter(({ operation }) => operation !== 'unknown'));
    expect(row).toMatchObject({ commit: 'on', sync: 'on' });
    expect(existsSync(row?.data ?? '')).toBe(false);
  },
);

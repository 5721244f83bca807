import { Operation } from '@tandem/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FakeWire } from '../conversation/fake-wire.ts';
import { turn } from '../stage.ts';
import { hasPostgres, TestCluster } from './cluster.ts';
import { openNode } from './nodes.ts';

const clients = 8;
const requests = 1_000;

describe.skipIf(!hasPostgres)('a node whose PostgreSQL is slower than its clients', () => {
  let cluster: TestCluster;
  beforeAll(async () => {
    cluster = await TestCluster.start();
  });
  afterAll(() => cluster?.end());

  it('takes two requests of each that is new, and 32 of others, and all of them in the end', async () => {
    const url = await cluster.emptyDatabase();
    const { service } = await openNode(url);
    const veteran = new FakeWire(service);
    const registers = (name: string, count: number) =>
      Array.from(
        { length: count },
        (_, n) => ({ operation: Operation.register, username: `${name}x${n}` }) as const,
      );
    veteran.hear(...registers('old', 40));
    await expect.poll(() => veteran.written.length).toBe(40);
    const stranger = await cluster.connect(url);
    await stranger.query('BEGIN; LOCK TABLE tandem.accounts');
    const wires = Array.from({ length: clients }, () => new FakeWire(service));
    for (const [client, wire] of wires.entries())
      wire.hear(...registers(`user${client}`, requests));
    const untaken = () => wires.reduce((sum, wire) => sum + wire.requests.length, 0);
    for (let before = 0; before !== untaken(); ) {
      before = untaken();
      for (let turns = 0; turns < 10; turns++) await turn();
    }
    // Each write has 16 units, and a batch of 32 is under way; the last turn of each client may bring 32.
    const waiting = clients * requests - untaken();
    expect(waiting).toBeGreaterThanOrEqual(16_384 / 16);
    expect(waiting).toBeLessThan(16_384 / 16 + 32 + clients * 32);
    // Whoever goes leaves what waits, and who comes has two requests taken.
    wires[0]?.conversation.end();
    const late = new FakeWire(service);
    late.hear(...registers('late', 3));
    expect([late.requests.length, late.reads.at(-1)]).toEqual([1, false]);
    veteran.hear(...registers('new', 40));
    for (let turns = 0; turns < 10; turns++) await turn();
    expect([veteran.requests.length, veteran.reads.at(-1)]).toEqual([8, false]);

    await stranger.query('ROLLBACK');
    await stranger.end();
    await expect.poll(untaken, { timeout: 30_000 }).toBe(wires[0]?.requests.length);
    await expect.poll(() => late.written).toEqual(['1', '1', '1']);
    await expect.poll(() => veteran.written.length).toBe(80);
    for (const wire of wires.slice(1)) {
      await expect.poll(() => wire.written.length).toBe(requests);
    }
  });
});

import { PostgresService } from '@tandem/chat/postgres';
import { hasPostgres, TestCluster } from '@tandem/chat/postgres/testing';
import { afterAll, beforeAll, describe } from 'vitest';
import { describeChatClient } from '../src/index.ts';
import { overGrpc, overSockets, type ServiceOpener, takingFrom } from './harnesses.ts';

// As with `tandem serve`: a node counts what a user has stored before it decides the first send.
const usage = { storedBytesPerUser: 256 * 1024 * 1024 };

describe.skipIf(!hasPostgres)('on PostgreSQL', () => {
  let cluster: TestCluster;

  beforeAll(async () => {
    cluster = await TestCluster.start();
  });
  afterAll(() => cluster?.end());

  const twoNodes: ServiceOpener = async (options) => {
    const url = await cluster.emptyDatabase();
    return Promise.all(
      Array.from({ length: 2 }, () => PostgresService.open({ url, usage, ...options })),
    );
  };

  describeChatClient(
    'two nodes, over sockets and Converse',
    takingFrom(twoNodes, overSockets, overGrpc('converse')),
  );
});

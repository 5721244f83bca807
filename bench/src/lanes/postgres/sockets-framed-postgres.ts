import { hasPostgres } from '@tandem/chat/postgres/testing';
import { connectSocketClient } from '@tandem/socket-client';
import { LineProcess } from '../../rig/processes/line-process.ts';
import { connectChatLane } from '../chat/chat-operations.ts';
import type { Lane, LaneServer, ServerBegin } from '../lane.ts';
import { lane as original } from '../sockets/sockets-framed.ts';
import { LaneDatabase } from './database.ts';
import { startNode } from './node.ts';
import type { NodeUsage } from './node-process.ts';

const nodeScript = new URL('node-process.ts', import.meta.url);

// Connections take nodes in turn, and a recipient the one behind that of its sender.
let connected = 0;

/** The framed dialect, before nodes that share a PostgreSQL. */
export const lane: Lane = {
  ...original,
  name: 'sockets-framed-postgres',
  title: 'sockets, framed, postgres',
  description:
    'As sockets-framed, with all that it knows in a PostgreSQL on this machine: each response waits for a commit there.',
  baselines: ['sockets-framed-sqlite', 'sockets-framed'],
  missing: hasPostgres
    ? undefined
    : 'PostgreSQL is not installed (initdb is neither on the PATH nor where systems have it)',
  hasNodes: true,
  settings: {
    ...original.settings,
    store:
      'postgres: a new cluster with its defaults (fsync and synchronous_commit on), on the disk of sqlite, reached over a Unix socket; its processes run on the cores of the server; a batch of a node is a transaction',
  },
  startServer,
  connect(target) {
    const ports = [target.port, ...(target.otherPorts ?? [])];
    let turn = connected++;
    return connectChatLane(() =>
      connectSocketClient({ ...target, port: ports[turn++ % ports.length] as number }),
    );
  },
};

async function startServer(begin: ServerBegin = {}): Promise<LaneServer> {
  const database = await LaneDatabase.start();
  const node = await startNode(database.url, begin);
  if (begin.accounts) await database.people(begin.accounts);
  const others = Array.from(
    { length: (begin.nodes ?? 1) - 1 },
    () => new LineProcess({ core: undefined }, nodeScript, database.url),
  );
  const ready = await Promise.all(others.map((other) => other.hear<{ readonly port: number }>()));
  return {
    port: node.port,
    otherPorts: ready.map(({ port }) => port),
    async beside() {
      for (const other of others) other.tell('usage');
      const used = await Promise.all(others.map((other) => other.hear<NodeUsage>()));
      const { cpuUs, logBytes } = await database.usage();
      return {
        'nodes-cpu': used.reduce((sum, one) => sum + one.cpuUs, 0),
        'database-cpu': cpuUs,
        commits: used.reduce((sum, one) => sum + one.commits, node.commits),
        log: logBytes,
      };
    },
    async close() {
      await Promise.all(others.map((other) => other.end()));
      await node.close();
      await database.end();
    },
  };
}

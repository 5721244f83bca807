import { setTimeout as sleep } from 'node:timers/promises';
import { monotonicMs } from '../history/event.ts';
import type { FaultOfOneNode, NodeFault } from '../plan/plan.ts';
import type { Database } from '../server/database.ts';
import type { ServerKeeper } from '../server/server-keeper.ts';
import type { NoteFault } from './servers.ts';

/** The nodes that a fault is caused in, with their database. */
export interface NodesUnderFault {
  readonly keepers: readonly ServerKeeper[];
  readonly database: Database;
  readonly note: NoteFault;
  /** Told of what the nodes did not do. */
  readonly trouble: (what: string) => void;
}

type Pause = Extract<FaultOfOneNode, { readonly untilBuried: boolean }>;

const cancelEveryMs = 10;
const lookEveryMs = 50;

// A lease lasts for six seconds, and the others look every second; a busy machine is late.
const buryTimeoutMs = 30_000;

/** Causes a fault, and resolves when it is over and every process that it ended runs again. */
export async function strikeNodes(nodes: NodesUnderFault, fault: NodeFault): Promise<void> {
  const { database, note } = nodes;
  if ('node' in fault) return strikeNode(nodes, fault);
  switch (fault.kind) {
    case 'kill-database':
      note('kill database', '');
      return database.restart('kill');
    case 'crash-database':
      note('crash database', '');
      return database.restart('immediate');
    case 'fail-over':
      if (fault.lagMs !== undefined) {
        note('cancel database waits for standby', `for ${fault.lagMs} ms`);
        await database.killStandby();
        await cancelWrites(database, fault.lagMs);
      }
      note('fail database over', 'to its standby');
      return database.failOver();
    case 'end-connection':
      note('end database connection', `of a ${fault.purpose}`);
      await database.query(
        `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
         WHERE application_name LIKE 'tandem ${fault.purpose}%' LIMIT 1`,
      );
      return;
    case 'cancel-writes':
      note('cancel database writes', `for ${fault.forMs} ms`);
      return cancelWrites(database, fault.forMs);
  }
}

async function cancelWrites(database: Database, forMs: number): Promise<void> {
  for (const untilMs = monotonicMs() + forMs; monotonicMs() < untilMs; ) {
    await database.query(cancelSql);
    await sleep(cancelEveryMs);
  }
}

const cancelSql = `
SELECT pg_cancel_backend(pid) FROM pg_stat_activity
WHERE application_name LIKE 'tandem writer%' AND state = 'active'`;

async function strikeNode(nodes: NodesUnderFault, fault: FaultOfOneNode): Promise<void> {
  const { keepers, database, note } = nodes;
  const { node } = fault;
  const keeper = keepers[node] as ServerKeeper;
  const way = database.wayOf(node);
  const who = `node ${node}`;
  switch (fault.kind) {
    case 'kill':
      note('kill node', who);
      await keeper.kill();
      await keeper.start();
      return;
    case 'terminate':
      note('terminate node', who);
      await keeper.terminate();
      await keeper.start();
      return;
    case 'freeze':
      note('freeze node', `${who}, ${lengthOf(fault)}`);
      return keeper.server?.freeze(untilOver(nodes, keeper, fault));
    case 'cut':
      note('cut node off database', who);
      way.reset();
      return;
    case 'stall':
      note('stall node and database', `${who}, ${lengthOf(fault)}`);
      way.setFaults({ toServer: { stalled: true }, toClient: { stalled: true } });
      await untilOver(nodes, keeper, fault);
      way.setFaults({});
      return;
    case 'lose-responses':
      note('lose answers of database', `${who}, for ${fault.forMs} ms`);
      way.setFaults({ toClient: { stalled: true } });
      await sleep(fault.forMs);
      way.reset();
      way.setFaults({});
      return;
    case 'slow':
      note('slow node and database', `${who}, for ${fault.forMs} ms`);
      way.setFaults({
        toServer: { delayMs: fault.delayMs },
        toClient: { delayMs: fault.delayMs },
      });
      await sleep(fault.forMs);
      way.setFaults({});
  }
}

function lengthOf({ untilBuried, forMs }: Pause): string {
  return `${untilBuried ? 'until it is buried, and then ' : ''}for ${forMs} ms`;
}

/** Resolves when the node may go on. */
async function untilOver(
  { database, note, trouble }: NodesUnderFault,
  { server }: ServerKeeper,
  { node, untilBuried, forMs }: Pause,
): Promise<void> {
  const places = async () => {
    const name = `'%:${server?.pid ?? 0}'`;
    const sql = `SELECT id FROM tandem.nodes WHERE name LIKE ${name}`;
    return (await database.query<{ id: number }>(sql)).map(({ id }) => id);
  };
  // None while it comes back by itself.
  const [place] = untilBuried ? await places() : [];
  if (place !== undefined) {
    const giveUpAtMs = monotonicMs() + buryTimeoutMs;
    while ((await places()).includes(place) && monotonicMs() < giveUpAtMs) await sleep(lookEveryMs);
    if (monotonicMs() < giveUpAtMs) note('bury node', `node ${node}`);
    else trouble(`node ${node} did nothing for ${buryTimeoutMs} ms, and no other has buried it`);
  }
  await sleep(forMs);
}

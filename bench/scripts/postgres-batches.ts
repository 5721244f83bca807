// What a batch of a node takes of PostgreSQL: processor time, for batches of several lengths. Each
// has as many sends as acknowledgements of the sends before. A PostgreSQL of its own.
// `pnpm --filter @tandem/bench bench:postgres-batches [ACCOUNTS]`
import { PostgresService } from '@tandem/chat/postgres';
import { TestCluster, Traffic } from '@tandem/chat/postgres/testing';
import { numberArgument, script } from '@tandem/command';
import { ProgramMeter } from '../src/rig/processes/program-meter.ts';

type Writer = Awaited<ReturnType<TestCluster['connect']>>;

const [accounts] = script('bench:postgres-batches', 'Measure what a batch takes of PostgreSQL.')
  .addArgument(numberArgument('[accounts]', 'how many', { min: 2, max: 1_000_000 }).default(128))
  .parse().processedArgs as [number];
const users = Math.min(accounts / 2, 64);
const mailboxMax = 1_000;
const [warmUp, measured] = [500, 1_000];

const cluster = await TestCluster.start();
try {
  for (const length of [8, 32, 64]) process.stdout.write(`${await measure(length)}\n`);
} finally {
  await cluster.end();
}

async function measure(length: number): Promise<string> {
  const url = await cluster.newDatabase();
  await (await PostgresService.open({ url })).close();
  const writer = await cluster.connect(url);
  // As a node has it.
  await writer.query(
    "SET enable_seqscan = off; SET jit = off; SET plan_cache_mode = 'force_generic_plan'",
  );
  const node = await join(writer);
  const { rows } = await writer.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
  const backend = new ProgramMeter(rows[0]?.pid ?? 0);
  const batches = batchesOf(length);
  let before = 0;
  for (let i = 0; i < warmUp + measured; i++) {
    if (i === warmUp) before = backend.read().cpuUs;
    const { names, traffic } = batches.next().value;
    const { rows } = await writer.query(traffic.query(node, names, mailboxMax));
    traffic.tell(rows[0].outcomes);
  }
  const each = (backend.read().cpuUs - before) / (measured * length);
  await writer.end();
  return `batches of ${length}: ${each.toFixed(1)} us of processor time a message, ${accounts} accounts`;
}

/** Makes a node with all accounts logged in. */
async function join(writer: Writer): Promise<number> {
  const { rows } = await writer.query<{ id: number }>(
    "INSERT INTO tandem.nodes (name) VALUES ('measured') RETURNING id",
  );
  await writer.query(
    `INSERT INTO tandem.accounts (username, id, session_node, session_no)
     SELECT 'u' || lpad(i::text, 7, '0'), i, $1, i FROM generate_series(1, $2::int) i`,
    [rows[0]?.id, accounts],
  );
  return rows[0]?.id ?? 0;
}

/** Batches in which senders send in turn, and recipients acknowledge what the batch before brought them. */
function* batchesOf(length: number): Generator<{ names: string[]; traffic: Traffic }, never> {
  const nameOf = (id: number) => `u${String(id).padStart(7, '0')}`;
  const through = new Map<number, number>();
  let arrived: number[] = [];
  for (let sent = 0; ; ) {
    const traffic = new Traffic();
    const asked = { resolve() {}, reject: fail };
    const takers = new Set(arrived);
    for (const id of takers) {
      const acknowledgement = {
        username: nameOf(id),
        session: id,
        through: through.get(id) as number,
      };
      traffic.add({ acknowledgement, ...asked });
    }
    const senders = Array.from({ length }, () => (sent++ % users) + 1);
    arrived = senders.map((id) => id + users);
    for (const [n, id] of senders.entries()) {
      const recipient = nameOf(arrived[n] as number);
      const send = {
        sender: nameOf(id),
        session: id,
        recipient,
        body: 'x'.repeat(32),
        over: false,
      };
      traffic.add({ send, ...asked });
    }
    for (const id of arrived) through.set(id, (through.get(id) ?? 0) + 1);
    yield { names: [...new Set([...takers, ...arrived])].map(nameOf).sort(), traffic };
  }
}

function fail(error: Error): never {
  throw error;
}

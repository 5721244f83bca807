// What a client library costs beside the lanes' own clients of brokers: `broker-clients.ts [PAIRS] [WINDOW]`.
// Each message is answered and has arrived before its sender sends the next; client and broker share a core
// if the script is pinned to one (`taskset -c 1`).
import { BrokerLaneClient } from '../src/lanes/broker/client.ts';
import { loadLane } from '../src/lanes/index.ts';
import type { LaneClient } from '../src/lanes/lane.ts';
import { ProgramMeter } from '../src/rig/program-meter.ts';
import { median } from '../src/statistics/order.ts';
import { libraries } from './broker-libraries.ts';

const [pairs = 200, window = 1] = process.argv.slice(2).map(Number);
const rounds = 3;
const warmUpMessages = 15_000;
const messages = 15_000;
const workload = { kind: 'delivery', body: 'x'.repeat(32) } as const;

interface Cost {
  readonly perSecond: number;
  readonly clientUs: number;
  readonly brokerUs: number;
}

for (const [name, library] of Object.entries(libraries)) {
  const lane = await loadLane(name);
  const why = lane.missing;
  if (why !== undefined) {
    process.stdout.write(`${name} is left out: ${why}\n`);
    continue;
  }
  const costs: Record<string, Cost[]> = { 'own client': [], [library.name]: [] };
  for (let round = 0; round < rounds; round++) {
    for (const [client, seen] of Object.entries(costs)) {
      const server = await lane.startServer?.();
      const target = { host: '127.0.0.1', port: server?.port ?? 0 };
      const connect = () =>
        client === library.name
          ? BrokerLaneClient.connect(library.open, target)
          : lane.connect(target);
      const clients = await Promise.all(Array.from({ length: pairs }, connect));
      seen.push(await cost(clients, new ProgramMeter(server?.pid ?? 0)));
      await Promise.all(clients.map((each) => each.close()));
      await server?.close();
    }
  }
  for (const [client, seen] of Object.entries(costs)) {
    const [perSecond, clientUs, brokerUs] = (['perSecond', 'clientUs', 'brokerUs'] as const).map(
      (part) => median(seen.map((each) => each[part])).toFixed(1),
    );
    process.stdout.write(
      `${name}, ${client}: ${perSecond} messages a second; CPU of a message: client ${clientUs} µs, broker ${brokerUs} µs\n`,
    );
  }
}

async function cost(clients: readonly LaneClient[], meter: ProgramMeter): Promise<Cost> {
  for (const client of clients) await client.prepare(workload);
  await deliver(clients, warmUpMessages);
  const startedAt = performance.now();
  const own = process.cpuUsage();
  const before = meter.read().cpuUs;
  await deliver(clients, messages);
  const { user, system } = process.cpuUsage(own);
  return {
    perSecond: messages / ((performance.now() - startedAt) / 1_000),
    clientUs: (user + system) / messages,
    brokerUs: (meter.read().cpuUs - before) / messages,
  };
}

/** Delivers so many messages, each client as many as it can. */
async function deliver(clients: readonly LaneClient[], count: number): Promise<void> {
  let left = count;
  const work = async (operation: () => Promise<void>) => {
    while (left-- > 0) await operation();
  };
  const operations = clients.flatMap((client) => Array(window).fill(client.operation(workload)));
  await Promise.all(operations.map(work));
}

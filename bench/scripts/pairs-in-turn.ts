// Compares what a delivered message costs on lanes, on a machine that has other work: all servers run at
// once, and blocks of messages go to each in turn, so what disturbs one block disturbs its neighbours too.
// `pairs-in-turn.ts PAIRS WINDOW LANE...`; `mosquitto+library` is the lane with the client library that
// people use. Pinned to a core (`taskset -c 1`), the servers are on it too.
import { numberArgument, script } from '@tandem/command';
import { Argument } from 'commander';
import { BrokerLaneClient } from '../src/lanes/broker/client.ts';
import { laneNames, loadLane } from '../src/lanes/index.ts';
import type { LaneClient } from '../src/lanes/lane.ts';
import { LineProcess } from '../src/rig/processes/line-process.ts';
import type { ServerReady } from '../src/rig/processes/messages.ts';
import { usageValues } from '../src/rig/processes/usage.ts';
import type { ProcessUsage } from '../src/scenarios/scenario.ts';
import { median } from '../src/statistics/order.ts';
import { libraries } from './broker-libraries.ts';

const serverScript = new URL('../src/rig/processes/server-process.ts', import.meta.url);
const warmUpMessages = 15_000;
const blocks = 15;
const messagesOfBlock = 3_000;
const workload = { kind: 'delivery', body: 'x'.repeat(32) } as const;
const columns = ['server', 'client', 'reads', 'writes', 'allocated'] as const;

type Cost = Readonly<Record<(typeof columns)[number], number>>;

const counts = { min: 1, max: 10_000 };
const withLibrary = Object.keys(libraries).map((name) => `${name}+library`);
const command = script('bench:pairs', 'Compare what a message costs on lanes.')
  .addArgument(numberArgument('<pairs>', 'of clients, on each lane', counts))
  .addArgument(numberArgument('<window>', 'messages under way, of each pair', counts))
  .addArgument(
    new Argument(
      '<lanes...>',
      'their names; NAME+library has the client library that people use',
    ).choices([...laneNames, ...withLibrary]),
  )
  .parse();
const [pairs, window, names] = command.processedArgs as [number, number, string[]];

for (const name of names) {
  const { missing, startServer } = await loadLane(name.replace('+library', ''));
  const why = startServer === undefined ? 'it has no server' : missing;
  if (why !== undefined) command.error(`error: ${name}: ${why}`);
}

/** A lane with its server, and the costs of each block: CPU in microseconds, calls and bytes of a message. */
class Contender {
  readonly name: string;
  readonly costs: Cost[] = [];
  readonly #server: LineProcess;
  readonly #clients: readonly LaneClient[];

  private constructor(name: string, server: LineProcess, clients: readonly LaneClient[]) {
    this.name = name;
    this.#server = server;
    this.#clients = clients;
  }

  static async open(name: string): Promise<Contender> {
    const [laneName = '', library] = name.split('+');
    const lane = await loadLane(laneName);
    const server = new LineProcess({ core: undefined }, serverScript, laneName, '0');
    const { port } = await server.hear<ServerReady>();
    const target = { host: '127.0.0.1', port };
    const open = library === undefined ? undefined : libraries[laneName]?.open;
    const clients: LaneClient[] = [];
    while (clients.length < pairs) {
      const client = open
        ? await BrokerLaneClient.connect(open, target)
        : await lane.connect(target);
      await client.prepare(workload);
      clients.push(client);
    }
    const contender = new Contender(name, server, clients);
    await contender.#deliver(warmUpMessages);
    return contender;
  }

  async measure(): Promise<void> {
    const before = await this.#usage();
    const own = process.cpuUsage();
    await this.#deliver(messagesOfBlock);
    const { user, system } = process.cpuUsage(own);
    const used = usageValues('server', before, await this.#usage(), messagesOfBlock);
    const of = (name: string) => used[`server-${name}`] ?? Number.NaN;
    this.costs.push({
      server: of('cpu'),
      client: (user + system) / messagesOfBlock,
      reads: of('reads'),
      writes: of('writes'),
      allocated: of('allocated'),
    });
  }

  async close(): Promise<void> {
    await Promise.all(this.#clients.map((client) => client.close()));
    await this.#server.end();
  }

  #usage(): Promise<ProcessUsage> {
    this.#server.tell({ collectGarbage: false });
    return this.#server.hear<ProcessUsage>();
  }

  /** Delivers so many messages, each pair as many as it can. */
  async #deliver(count: number): Promise<void> {
    let left = count;
    const work = async (operation: () => Promise<void>) => {
      while (left-- > 0) await operation();
    };
    const operations = this.#clients.flatMap((client) =>
      Array(window).fill(client.operation(workload)),
    );
    await Promise.all(operations.map(work));
  }
}

const contenders = await Promise.all(names.map(Contender.open));
for (let block = 0; block < blocks; block++) {
  for (const contender of block % 2 === 0 ? contenders : contenders.toReversed()) {
    await contender.measure();
  }
}
const [first] = contenders;
process.stdout.write(`medians of ${blocks} blocks, ${pairs} pairs, ${window} under way each\n`);
for (const { name, costs } of contenders) {
  const figures = columns.map((column) => {
    const values = costs.map((cost) => cost[column]);
    return `${column} ${median(values).toFixed(column === 'allocated' ? 0 : 2)}`;
  });
  const ratios = costs.map(({ server }, i) => server / (first?.costs[i]?.server ?? Number.NaN));
  process.stdout.write(
    `${name}: ${figures.join(', ')}; server to ${first?.name} ${median(ratios).toFixed(2)}\n`,
  );
}
await Promise.all(contenders.map((contender) => contender.close()));

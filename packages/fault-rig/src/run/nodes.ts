import { setTimeout as sleep } from 'node:timers/promises';
import type { NodesOfPlan } from '../plan/node-faults.ts';
import type { Plan } from '../plan/plan.ts';
import { Database } from '../server/database.ts';
import { ServerKeeper } from '../server/server-keeper.ts';
import type { ServerCommand, ServerPorts } from '../server/server-process.ts';
import { withTimeout } from '../timeout.ts';
import { strikeNodes } from './node-faults.ts';
import type { NoteFault, Servers, ServersListener, TimedFault } from './servers.ts';

/** The options of nodes. */
export interface NodesOptions {
  readonly command: ServerCommand;
  readonly nodes: NodesOfPlan;
  readonly listener: ServersListener;
}

// A node that has lost its place tries again every few seconds, and waits for leases that run out.
const comeBackTimeoutMs = 30_000;
const askAgainAfterMs = 50;

/** Servers that share a PostgreSQL. */
export class Nodes implements Servers {
  readonly notInjected: readonly string[] = [];
  readonly ports: ServerPorts[];
  readonly #options: NodesOptions;
  readonly #database: Database;
  readonly #keepers: readonly ServerKeeper[];

  private constructor(options: NodesOptions, database: Database) {
    const { command, nodes, listener } = options;
    this.#options = options;
    this.#database = database;
    this.ports = Array.from({ length: nodes.count }, () => ({ socket: 0, grpc: 0 }));
    this.#keepers = this.ports.map((_, node) => {
      const store = ['--store', 'postgres', '--postgres-url', database.urlFor(node)];
      return new ServerKeeper([...command, ...store], undefined, {
        listening: (ports) => {
          this.ports[node] = ports;
          listener.listening(node, ports);
        },
        trouble: (what) => listener.trouble(`node ${node}: ${what}`),
      });
    });
  }

  /** Starts the database. */
  static async open(options: NodesOptions): Promise<Nodes> {
    const { count, hasStandby } = options.nodes;
    return new Nodes(options, await Database.open(count, hasStandby));
  }

  forPlan(): NodesOfPlan {
    return this.#options.nodes;
  }

  async start(): Promise<void> {
    const stopped = this.#keepers.filter(({ server }) => server === undefined);
    await Promise.all(stopped.map((keeper) => keeper.start()));
  }

  faultsOf({ nodeFaults }: Plan): readonly TimedFault[] {
    const [keepers, database] = [this.#keepers, this.#database];
    const { trouble } = this.#options.listener;
    return nodeFaults.map((fault) => ({
      atMs: fault.atMs,
      strike: (note) => strikeNodes({ keepers, database, note, trouble }, fault),
    }));
  }

  /** Kills the database, so that only what is on its disk counts, and waits for every node to write again. */
  async settle(note: NoteFault): Promise<boolean> {
    this.#database.heal();
    note('kill database', 'at the end of the round');
    await this.#database.restart('kill');
    await this.start();
    const back = await withTimeout(this.#untilAllWrite(), comeBackTimeoutMs);
    if (back === undefined) {
      this.#options.listener.trouble('a node did not write again when all faults were over');
    }
    return back === true;
  }

  async finish(): Promise<undefined> {}

  async close(): Promise<void> {
    await Promise.all(this.#keepers.map((keeper) => keeper.close()));
    await this.#database.close();
  }

  async #untilAllWrite(): Promise<boolean> {
    for (const keeper of this.#keepers) {
      // One that does not run was reported.
      while (keeper.server !== undefined && !(await keeper.makeItWrite())) {
        await sleep(askAgainAfterMs);
      }
    }
    return true;
  }
}

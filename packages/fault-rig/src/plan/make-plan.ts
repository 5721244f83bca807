import type { Transport } from '../history/event.ts';
import { Random } from '../random.ts';
import {
  makeClientKills,
  makeNetworkFaults,
  makeServerFaults,
  type ServerFaultOptions,
} from './faults.ts';
import { makeNodeFaults, type NodesOfPlan } from './node-faults.ts';
import type { Plan } from './plan.ts';
import { makeSteps } from './steps.ts';

/** The servers of a series, for a plan: several nodes, or one by itself. */
export type ServersOfPlan = NodesOfPlan | ServerFaultOptions;

/** The options of a plan. */
export interface PlanOptions {
  /** The same seed and options make the same plan. */
  readonly seed: string;
  /** The prefix of every username, so that rounds on one server share none: letters and digits. */
  readonly prefix: string;
  readonly durationMs: number;
  /** At least 2. */
  readonly actors: number;
  readonly servers: ServersOfPlan;
}

const transports: readonly Transport[] = ['framed', 'converse', 'unary'];

// The number of actors in a process, all of which a kill ends; fewer would make many processes.
const actorsPerProcessMax = 4;

/** Makes the plan of a round. */
export function makePlan(options: PlanOptions): Plan {
  const { seed, prefix, durationMs, servers } = options;
  const areNodes = 'count' in servers;
  const random = new Random(seed);
  const users = Array.from({ length: options.actors }, (_, i) => `${prefix}u${i}`);
  const processes = Math.max(2, Math.ceil(users.length / actorsPerProcessMax));
  const actors = users.map((home, actor) => ({
    actor,
    transport: transports[actor % transports.length] as Transport,
    process: actor % processes,
    steps: makeSteps(random.fork(`steps ${actor}`), { home, users }, durationMs),
  }));
  return {
    seed,
    durationMs,
    users,
    actors,
    processes,
    onSmallDisk: !areNodes && servers.onSmallDisk,
    serverFaults: areNodes ? [] : makeServerFaults(random.fork('server'), durationMs, servers),
    nodeFaults: areNodes ? makeNodeFaults(random.fork('nodes'), durationMs, servers) : [],
    clientKills: makeClientKills(random.fork('clients'), durationMs, processes),
    networkFaults: makeNetworkFaults(random.fork('network'), durationMs, users.length),
  };
}

import { execFileSync } from 'node:child_process';
import { MachineWatch } from '../rig/machine/machine-watch.ts';
import type { PlacedOn } from '../rig/machine/placement.ts';
import { LineProcess } from '../rig/processes/line-process.ts';
import type { ClientEvent, Job, RigReply } from '../rig/processes/messages.ts';
import { findScenario } from '../scenarios/index.ts';
import type { MeasureTimes } from '../scenarios/scenario.ts';
import { type SeedReport, type SeedResult, type SideRuns, seedResultOf } from './report.ts';
import {
  type SeedTransport,
  type StartedServer,
  startOwnServer,
  startSeedServer,
} from './servers.ts';
import { metricOf, type SeedTask } from './tasks.ts';

/** The settings of a measurement. */
export interface SeedOptions {
  /** The directory of the program of 2023. */
  readonly program: string;
  readonly transports: readonly SeedTransport[];
  readonly tasks: readonly SeedTask[];
  readonly python: string;
  readonly rounds: number;
  readonly placement: PlacedOn;
  readonly times: MeasureTimes;
  readonly onRun: (words: string) => void;
  readonly signal: AbortSignal;
}

/** The results of all rounds of a measurement. */
export type SeedMeasured = Pick<SeedReport, 'runs' | 'disturbedRuns' | 'results'>;

interface Run {
  readonly value: number;
  readonly serverCpuUs: number;
  readonly disturbed: boolean;
}

const clientScript = new URL('../rig/processes/client-process.ts', import.meta.url);
const host = '127.0.0.1';

/**
 * Measures the servers of 2023 and ours with the same clients, in rounds that go forwards and backwards
 * in turn, with fresh processes for each run.
 *
 * @throws when a server does not start or a run fails, with what it said
 */
export async function measureSeed(options: SeedOptions): Promise<SeedMeasured> {
  const cells = options.transports.flatMap((transport) =>
    options.tasks.map((scenario) => ({ transport, scenario, theirs: side(), ours: side() })),
  );
  let [runs, disturbedRuns] = [0, 0];
  for (let round = 1; round <= options.rounds; round++) {
    const forwards = round % 2 === 1;
    for (const cell of forwards ? cells : cells.toReversed()) {
      const sides = ['theirs', 'ours'] as const;
      for (const name of forwards ? sides : sides.toReversed()) {
        options.signal.throwIfAborted();
        const { transport, scenario } = cell;
        const whose = name === 'theirs' ? 'of 2023' : 'ours';
        options.onRun(
          `round ${round} of ${options.rounds}: ${scenario}, ${transport.name} ${whose}`,
        );
        const run = await measureRun(options, transport, scenario, name === 'theirs');
        cell[name].values.push(run.value);
        cell[name].serverCpuUs.push(run.serverCpuUs);
        runs++;
        if (run.disturbed) disturbedRuns++;
      }
    }
  }
  return { runs, disturbedRuns, results: cells.map(resultOf) };
}

function side() {
  return { values: [] as number[], serverCpuUs: [] as number[] };
}

function resultOf(cell: {
  readonly transport: SeedTransport;
  readonly scenario: SeedTask;
  readonly theirs: SideRuns;
  readonly ours: SideRuns;
}): SeedResult {
  const { scenario } = cell;
  const metric = metricOf[scenario];
  const unit = findScenario(scenario).metrics.find(({ name }) => name === metric)?.unit ?? '';
  const what = { transport: cell.transport.name, scenario, metric, unit };
  return seedResultOf(what, cell.theirs, cell.ours);
}

async function measureRun(
  { program, python, placement, times, signal }: SeedOptions,
  transport: SeedTransport,
  scenario: SeedTask,
  theirs: boolean,
): Promise<Run> {
  const watch = new MachineWatch();
  const server = theirs
    ? await startSeedServer(program, transport, python, placement.server)
    : await startOwnServer(transport.lane, placement.server);
  const client = new LineProcess(
    { core: placement.client },
    clientScript,
    transport.lane,
    scenario,
  );
  const abort = () => void client.end();
  signal.addEventListener('abort', abort, { once: true });
  try {
    client.tell({ host, port: server.port, accounts: 0, ...times } satisfies Job);
    const measured = await converse(client, server);
    const value = measured.values[metricOf[scenario]];
    if (value === undefined) throw new Error(`it gave no ${metricOf[scenario]}`);
    const disturbance = watch.read([server.pid, client.pid ?? 0]);
    return {
      value,
      serverCpuUs: measured.cpuUs / measured.operations,
      disturbed: disturbance?.disturbed === true,
    };
  } catch (cause) {
    signal.throwIfAborted();
    const whose = theirs ? 'the server of 2023' : 'our server';
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new Error(`${scenario} over ${transport.name} with ${whose}: ${why}`, { cause });
  } finally {
    signal.removeEventListener('abort', abort);
    await client.end();
    await server.end();
  }
}

interface Conversed {
  readonly values: Readonly<Record<string, number>>;
  readonly operations: number;
  readonly cpuUs: number;
}

/** Hears a client out. Rejects when it failed, or when an operation of it did. */
async function converse(client: LineProcess, server: StartedServer): Promise<Conversed> {
  let [before, after] = [0, 0];
  for (;;) {
    const said = await client.hear<ClientEvent>();
    if (said.event === 'failed') throw new Error(said.message);
    if (said.event === 'measuring') before = server.cpuUs();
    if (said.event === 'measured') after = server.cpuUs();
    if (said.event !== 'result') {
      client.tell({ server: null } satisfies RigReply);
      continue;
    }
    const { values, operations, errors = 0 } = said.measurement;
    if (errors > 0) throw new Error(`${errors} of ${operations + errors} operations failed`);
    return { values, operations, cpuUs: after - before };
  }
}

/** The commit of the program of 2023 in a directory, or that it is not known. */
export function commitOf(program: string): string {
  try {
    return execFileSync('git', ['-C', program, 'rev-parse', 'HEAD'], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim();
  } catch {
    return 'not known';
  }
}

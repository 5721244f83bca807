import type { Lane } from '../../lanes/lane.ts';
import type { ReportRun } from '../../report/schema/report.ts';
import type {
  Measurement,
  MeasureTimes,
  ProcessUsage,
  Scenario,
} from '../../scenarios/scenario.ts';
import { MachineWatch } from '../machine/machine-watch.ts';
import type { PlacedOn } from '../machine/placement.ts';
import { LineProcess } from '../processes/line-process.ts';
import type {
  ClientEvent,
  ClientUsage,
  Job,
  RigReply,
  ServerReady,
} from '../processes/messages.ts';
import { besideValues, callsNotCounted, usageValues, utilisation } from '../processes/usage.ts';

/** One scenario on one lane in one placement. */
export interface Cell {
  readonly scenario: Scenario;
  readonly lane: Lane;
  readonly placement: PlacedOn;
  /** The number of first rounds that it is promised, where those are fewer than all. */
  readonly rounds?: number;
}

/** The times of a cell's measuring, and its seed. */
export interface CellTimes extends MeasureTimes {
  /** The time after which a run that has not ended counts as hung. */
  readonly hungAfterMs: number;
}

const host = '127.0.0.1';
const clientScript = new URL('../processes/client-process.ts', import.meta.url);
const serverScript = new URL('../processes/server-process.ts', import.meta.url);

/** The result of one run, before it has a round. */
type RunOutcome = Omit<ReportRun, 'round' | 'position'>;

/** Measures a cell once, with fresh processes. Rejects only when `signal` is aborted; other failures are in the run. */
export async function runCell(
  cell: Cell,
  times: CellTimes,
  signal: AbortSignal,
): Promise<RunOutcome> {
  const watch = new MachineWatch();
  const run = new CellRun(cell, times);
  const abort = () => void run.end();
  signal.addEventListener('abort', abort, { once: true });
  const hung = setTimeout(() => run.giveUp(), times.hungAfterMs);
  try {
    const outcome = await run.outcome();
    return { ...outcome, disturbance: watch.read(run.pids) };
  } catch (error) {
    signal.throwIfAborted();
    return failed(run.hung ? `hung for ${times.hungAfterMs} ms` : (error as Error).message);
  } finally {
    clearTimeout(hung);
    signal.removeEventListener('abort', abort);
    await run.end();
  }
}

class CellRun {
  hung = false;
  readonly #cell: Cell;
  readonly #times: CellTimes;
  #server: LineProcess | undefined;
  #client: LineProcess | undefined;
  #serverBefore: ProcessUsage | null = null;
  #serverAfter: ProcessUsage | null = null;
  #clientUsage: ClientUsage | undefined;

  constructor(cell: Cell, times: CellTimes) {
    this.#cell = cell;
    this.#times = times;
  }

  async outcome(): Promise<RunOutcome> {
    const { lane, scenario, placement } = this.#cell;
    const { accounts = 0, nodes = 1 } = scenario;
    const cold = scenario.coldStart === true;
    this.#client = new LineProcess(
      { core: placement.client, cold },
      clientScript,
      lane.name,
      scenario.name,
    );
    let ready: ServerReady = { port: 0 };
    if (lane.startServer !== undefined) {
      this.#server = new LineProcess(
        { core: placement.server, cold },
        serverScript,
        lane.name,
        `${accounts}`,
        `${nodes}`,
      );
      ready = await this.#server.hear<ServerReady>();
    }
    const { hungAfterMs: _, ...times } = this.#times;
    this.#client.tell({ host, ...ready, accounts, ...times } satisfies Job);
    return this.#converse(this.#client);
  }

  async #converse(client: LineProcess): Promise<RunOutcome> {
    for (;;) {
      const said = await client.hear<ClientEvent>();
      if (said.event === 'result') return this.#conclude(said.measurement);
      if (said.event === 'failed') return failed(said.message);
      const server = await this.#usage(said.event === 'server-usage' && said.collectGarbage);
      if (said.event === 'measuring') this.#serverBefore = server;
      if (said.event === 'measured') {
        this.#serverAfter = server;
        this.#clientUsage = said.usage;
      }
      client.tell({ server } satisfies RigReply);
    }
  }

  async #usage(collectGarbage: boolean): Promise<ProcessUsage | null> {
    if (this.#server === undefined) return null;
    this.#server.tell({ collectGarbage });
    return this.#server.hear<ProcessUsage>();
  }

  #conclude(measurement: Measurement): RunOutcome {
    const { operations, errors = 0, steady = null, warmUpMs = 0, notes = [] } = measurement;
    const [before, after, usage] = [this.#serverBefore, this.#serverAfter, this.#clientUsage];
    const why = [...(measurement.invalid ?? [])];
    if (errors > 0) why.push(`${errors} of ${operations + errors} operations failed`);
    const used = this.#used(operations);
    return {
      values: { ...measurement.values, ...used },
      valid: why.length === 0,
      why,
      notes: [
        ...notes,
        ...(steady === false ? ['not steady when the warm-up had to end'] : []),
        ...('client-cpu' in used && !('client-reads' in used) ? [callsNotCounted] : []),
      ],
      operations,
      errors,
      steady,
      warmUpMs,
      measuredMs: usage?.measuredMs ?? 0,
      clientUtilisation: usage === undefined ? null : utilisation(usage.before, usage.after),
      serverUtilisation: before === null || after === null ? null : utilisation(before, after),
      achievedPerSecond: measurement.achievedPerSecond ?? null,
      targetPerSecond: measurement.targetPerSecond ?? null,
      littlesLawError: measurement.littlesLawError ?? null,
    };
  }

  /** Returns what both processes used for each operation, where the scenario asks for it. */
  #used(operations: number): Record<string, number> {
    if (operations === 0) return {};
    const [before, after, client] = [this.#serverBefore, this.#serverAfter, this.#clientUsage];
    const values = {
      ...(client && usageValues('client', client.before, client.after, operations)),
      ...(before && after && usageValues('server', before, after, operations)),
      ...(before && after && besideValues(before, after, operations)),
    };
    const wanted = new Set(this.#cell.scenario.metrics.map(({ name }) => name));
    return Object.fromEntries(Object.entries(values).filter(([name]) => wanted.has(name)));
  }

  /** The ids of its processes that were started. */
  get pids(): readonly number[] {
    return [this.#server?.pid, this.#client?.pid].filter((pid) => pid !== undefined);
  }

  giveUp(): void {
    this.hung = true;
    void this.end();
  }

  async end(): Promise<void> {
    // The client ends first: to lose its server would be an error of its connections.
    await this.#client?.end();
    await this.#server?.end();
  }
}

function failed(reason: string): RunOutcome {
  return {
    values: {},
    valid: false,
    why: [reason],
    notes: [],
    operations: 0,
    errors: 0,
    steady: null,
    warmUpMs: 0,
    measuredMs: 0,
    clientUtilisation: null,
    serverUtilisation: null,
    achievedPerSecond: null,
    targetPerSecond: null,
    littlesLawError: null,
    disturbance: null,
  };
}

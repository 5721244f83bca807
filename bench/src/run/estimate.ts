import { hasOwnWire } from '../lanes/index.ts';
import type { Lane } from '../lanes/lane.ts';
import type { Cell } from '../rig/rounds/run-cell.ts';
import { watchedMs } from '../scenarios/tasks/search-million.ts';
import { openLoopMsMin } from '../scenarios/throughput/open-loop.ts';
import type { Resolved } from './settings.ts';

// What a cell takes besides warming up and measuring: two processes start, load and end. Measured on
// two virtual cores; the time left is corrected by what the run itself shows.
const overheadMs = 900;
const overheadPerIdleConnectionMs = 0.8;
const overheadPerSessionMs = 1.2;
const [crowdMs, databaseCrowdMs] = [2_000, 30_000];
// A window of a warm-up is a turn at least, and a turn is a message to each recipient.
const fanOutMessageMs = 0.06;
const windowsMin = 24;
// The round trips that are waited for, and the accounts that a long response is made of.
const roundTripsOfCell = 50;
const roundTripNamesMs = 700;
// The steps of a curve of load until it breaks: the first takes four seconds, the second two.
const loadCurveMs = 11_000;
// Six processes of the command, two of them compiling all their code.
const startUpsMs = 4_500;
// Before and behind the measuring: the op suite of each lane, the size of the code, and a ledger, which
// waits for a new second where responses are dated.
const agreementAndSizeMs = 15_000;
const ledgerPerLaneMs = 2_000;

/** The parts of a cell that an estimate needs. */
interface EstimatedCell {
  readonly scenario: Cell['scenario'];
  readonly lane: Pick<Lane, 'wire' | 'resume' | 'hasNodes'>;
  readonly placement?: Pick<Cell['placement'], 'name'>;
}

// The windows that a warm-up needs to be judged by, and what an operation takes meanwhile: one at a
// time on one core, as a multiple of that elsewhere, and with two wake-ups more across cores.
const warmUpMsMin = 400;
const operationMs: Readonly<Record<Lane['wire'], number>> = {
  none: 0.002,
  echo: 0.031,
  seed: 0.037,
  framed: 0.037,
  'framed-protobuf': 0.038,
  websocket: 0.038,
  'grpc-converse': 0.077,
  http2: 0.17,
  http1: 0.17,
  'grpc-unary': 0.36,
  'connect-unary': 0.75,
  mqtt: 0.06,
  nats: 0.12,
};
const operationsOf: Readonly<Record<string, number>> = {
  throughput: 0.5,
  connections: 1.1,
  bulk: 0.5,
  body: 1.6,
  sends: 1.6,
  delivery: 2,
  'delivery-pairs': 2,
  'fan-out': 2,
};
// Where a warm-up is shared by one at a time and many at a time, these take so much of the others' time.
const manyAtATime = 0.5;
// A send is counted with the acknowledgement of whoever takes it.
const operationsPerTurn: Readonly<Record<string, number>> = { sends: 2, 'delivery-pairs': 2 };
const acrossCoresMs = 0.06;
const tlsMs = 0.04;
// A connection is set up some hundred times for each thousand operations that a warm-up counts.
const setUpsPerOperation = 1 / 25;
const setUpMs = 4.5;

type Times = Resolved['times'];

/** Estimates the duration of one run of a cell, in milliseconds. */
export function estimateCellMs(cell: EstimatedCell, times: Times): number {
  const { measureMsMax } = times;
  const measureMs = estimateLengthMs(cell, times);
  const { family, name, parameters } = cell.scenario;
  if (name === 'set-up-cold') return overheadMs;
  if (family === 'start-up') return overheadMs + startUpsMs;
  if (family === 'set-up' || family === 'handshake') {
    return overheadMs + times.warmUpOperationsMin * setUpsPerOperation * setUpMs + measureMsMax;
  }
  if (family === 'search-million') {
    // Two warm-ups, and scans; others are watched three times.
    const watched = 3 * watchedMs(times);
    const crowd = cell.lane.hasNodes ? databaseCrowdMs : crowdMs;
    return overheadMs + crowd + watched + 2 * estimateWarmUpMs(cell, times) + 2 * measureMsMax;
  }
  if (family === 'fan-out') {
    const recipients = Number(parameters.recipients);
    const turns = recipients * fanOutMessageMs * windowsMin;
    const warmUp = Math.max(turns, estimateWarmUpMs(cell, times));
    const opening = recipients * overheadPerSessionMs;
    return overheadMs + opening + warmUp + measureMsMax;
  }
  if (family === 'idle') {
    return overheadMs + measureMsMax + Number(parameters.connections) * overheadPerIdleConnectionMs;
  }
  if (family === 'round-trip') {
    const linesMs = Number(parameters.roundTripMs) * roundTripsOfCell;
    const warmUp = estimateSharedWarmUpMs(cell, times);
    return overheadMs + linesMs + warmUp + 2 * times.measureMs + roundTripNamesMs;
  }
  if (family === 'open-loop' || family === 'load-curve') {
    const lengthMs = family === 'load-curve' ? loadCurveMs : Math.max(measureMs, openLoopMsMin);
    return overheadMs + estimateSharedWarmUpMs(cell, times) + lengthMs;
  }
  const isTask = family === 'op-suite' || family === 'registers';
  return overheadMs + estimateWarmUpMs(cell, times) + (isTask ? measureMsMax : measureMs);
}

function estimateWarmUpMs(cell: EstimatedCell, times: Times): number {
  const behind = Math.min(warmUpMsMin, times.warmUpMsMax);
  const turns = times.warmUpOperationsMin / (operationsPerTurn[cell.scenario.family] ?? 1);
  return Math.max(behind, turns * operationMsOf(cell));
}

/** Half of its operations come one at a time, and half many at a time. */
function estimateSharedWarmUpMs(cell: EstimatedCell, times: Times): number {
  return ((1 + manyAtATime) / 2) * estimateWarmUpMs(cell, times);
}

function estimateLengthMs(cell: EstimatedCell, times: Times): number {
  const { measureMs, measureMsMax, measureOperations } = times;
  return Math.min(measureMsMax, Math.max(measureMs, measureOperations * operationMsOf(cell)));
}

function operationMsOf({ scenario, lane, placement }: EstimatedCell): number {
  const across = placement?.name === 'different-cores' && lane.wire !== 'none' ? acrossCoresMs : 0;
  const secured = lane.resume === undefined ? 0 : tlsMs;
  return (operationMs[lane.wire] + across + secured) * (operationsOf[scenario.family] ?? 1);
}

/** The time that a whole run takes, in milliseconds. */
export interface RunEstimate {
  /** With the rounds that were promised. */
  readonly promisedMs: number;
  /** With rounds that are added until its time is over; undefined where none are added. */
  readonly mostMs: number | undefined;
}

/** Estimates how long a run takes with all before and behind its rounds. */
export function estimateRun(
  cells: readonly Cell[],
  resolved: Pick<Resolved, 'times' | 'limits' | 'wire' | 'wireTls'>,
): RunEstimate {
  const { roundsMin, roundsMax, timeMsMax } = resolved.limits;
  const lanes = [...new Set(cells.map(({ lane }) => lane))].filter(hasOwnWire);
  const ledgers = resolved.wire ? lanes.length * (resolved.wireTls ? 2 : 1) : 0;
  const besidesMs = agreementAndSizeMs + ledgers * ledgerPerLaneMs;
  const roundsMs = promisedMs(cells, resolved);
  const addsRounds = roundsMax > roundsMin && Number.isFinite(timeMsMax);
  return {
    promisedMs: roundsMs + besidesMs,
    mostMs: addsRounds ? Math.max(roundsMs, timeMsMax) + besidesMs : undefined,
  };
}

/** Estimates the duration of the promised rounds, in milliseconds. */
export function promisedMs(
  cells: readonly Cell[],
  { times, limits }: Pick<Resolved, 'times' | 'limits'>,
): number {
  const roundsOf = ({ rounds = limits.roundsMin }: Cell) => Math.min(rounds, limits.roundsMin);
  return cells.reduce((sum, cell) => sum + roundsOf(cell) * estimateCellMs(cell, times), 0);
}

/**
 * The time left of work whose parts were estimated: what the parts that are done took, as a multiple
 * of their estimates, is what the others will take.
 */
export class TimeLeft {
  readonly #totalMs: number;
  #doneMs = 0;
  #tookMs = 0;

  /** @param totalMs the sum of all estimates */
  constructor(totalMs: number) {
    this.#totalMs = totalMs;
  }

  /** A part is over that was estimated at so much and took so much. */
  done(estimatedMs: number, tookMs: number): void {
    this.#doneMs += estimatedMs;
    this.#tookMs += tookMs;
  }

  get leftMs(): number {
    const pace = this.#doneMs === 0 ? 1 : this.#tookMs / this.#doneMs;
    return Math.max(0, this.#totalMs - this.#doneMs) * pace;
  }
}

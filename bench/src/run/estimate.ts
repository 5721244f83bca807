import type { Lane } from '../lanes/lane.ts';
import type { Cell } from '../rig/run-cell.ts';
import { openLoopMsMin } from '../scenarios/open-loop.ts';
import { watchedMs } from '../scenarios/search-million.ts';
import type { Resolved } from './settings.ts';

// What a cell takes besides warming up and measuring: two processes start, load and end. Measured on
// two virtual cores; the time left is corrected by what the run itself shows.
const overheadMs = 430;
const overheadPerIdleConnectionMs = 0.8;
const overheadPerSessionMs = 1.2;
const crowdMs = 2_000;
// A window of a warm-up is a turn at least, and a turn is a message to each recipient.
const fanOutMessageMs = 0.06;
const windowsMin = 24;
// The round trips that are waited for, and the accounts that a long answer is made of.
const roundTripsOfCell = 30;
const roundTripNamesMs = 500;
// Six processes of the command, two of them compiling all their code.
const startUpsMs = 1_600;
const agreementAndLedgerMs = 12_000;

/** What an estimate goes by. */
interface EstimatedCell {
  readonly scenario: Cell['scenario'];
  readonly lane: Pick<Lane, 'wire'>;
}

// The windows that a warm-up needs to be judged by, and what an operation takes meanwhile.
const warmUpMsMin = 400;
const operationMs = { 'grpc-unary': 0.17, other: 0.04 };

type Times = Pick<Resolved, 'measureMs' | 'warmUpMsMax' | 'warmUpOperationsMin'>;

/** How long one run of a cell may take, in milliseconds. */
export function estimateCellMs({ scenario, lane }: EstimatedCell, times: Times): number {
  const { measureMs } = times;
  const { family, name, parameters } = scenario;
  if (name === 'set-up-cold') return overheadMs;
  if (family === 'start-up') return overheadMs + startUpsMs;
  if (family === 'search-million') {
    // Two warm-ups, and one of them again for the scans; others are watched three times.
    const watched = 3 * watchedMs;
    return overheadMs + crowdMs + watched + 3 * (estimateWarmUpMs(lane, times) + measureMs);
  }
  if (family === 'fan-out') {
    const recipients = Number(parameters.recipients);
    const turns = recipients * fanOutMessageMs * windowsMin;
    const warmUp = Math.max(turns, estimateWarmUpMs(lane, times));
    const opening = recipients * overheadPerSessionMs;
    return overheadMs + opening + Math.min(times.warmUpMsMax, warmUp) + measureMs;
  }
  if (family === 'idle') {
    return overheadMs + measureMs + Number(parameters.connections) * overheadPerIdleConnectionMs;
  }
  if (family === 'round-trip') {
    const linesMs = Number(parameters.roundTripMs) * roundTripsOfCell;
    return overheadMs + linesMs + estimateWarmUpMs(lane, times) + 2 * measureMs + roundTripNamesMs;
  }
  const length = family === 'open-loop' ? Math.max(measureMs, openLoopMsMin) : measureMs;
  return overheadMs + estimateWarmUpMs(lane, times) + length;
}

function estimateWarmUpMs({ wire }: Pick<Lane, 'wire'>, times: Times): number {
  const each = wire === 'grpc-unary' ? operationMs['grpc-unary'] : operationMs.other;
  const wanted = Math.max(warmUpMsMin, times.warmUpOperationsMin * each);
  return Math.min(times.warmUpMsMax, wanted);
}

/** How long all of it may take, in milliseconds. */
export function estimateMs(
  cells: readonly Cell[],
  resolved: Times & Pick<Resolved, 'rounds'>,
): number {
  const round = cells.reduce((sum, cell) => sum + estimateCellMs(cell, resolved), 0);
  return round * resolved.rounds + agreementAndLedgerMs;
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

/** `45 s`, `3 min 20 s`, `1 h 5 min`. */
export function inWords(timeMs: number): string {
  const seconds = Math.round(timeMs / 1_000);
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min ${seconds % 60} s`;
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

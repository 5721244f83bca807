import type { ReportCell, ReportRun } from '../report/report.ts';
import { orderOf, type Plan } from './plan.ts';
import { type Cell, type CellTimes, runCell } from './run-cell.ts';

/** How far a run of the lab is. */
export interface Progress {
  /** From 1. */
  readonly round: number;
  readonly rounds: number;
  /** The cell that is being measured. */
  readonly cell: Cell;
  readonly runsDone: number;
  readonly runs: number;
}

/** How cells are run; tests put another in its place. */
export type RunCell = typeof runCell;

/**
 * Runs a plan round by round and returns what every cell's runs said. When `signal` is aborted it
 * returns what there is by then: the run under way is given up, those before it count.
 *
 * @param timesOf how long each cell may measure
 */
export async function runPlan(
  plan: Plan,
  timesOf: (cell: Cell, round: number) => CellTimes,
  onProgress: (progress: Progress) => void,
  signal: AbortSignal,
  run: RunCell = runCell,
): Promise<ReportCell[]> {
  const runs = new Map<Cell, ReportRun[]>(plan.cells.map((cell) => [cell, []]));
  const total = plan.cells.length * plan.rounds;
  let runsDone = 0;
  for (let round = 0; round < plan.rounds && !signal.aborted; round++) {
    for (const [position, cell] of orderOf(plan.cells, round).entries()) {
      if (signal.aborted) break;
      onProgress({ round: round + 1, rounds: plan.rounds, cell, runsDone, runs: total });
      const outcome = await run(cell, timesOf(cell, round), signal).catch((error: unknown) => {
        if (!signal.aborted) throw error;
      });
      if (outcome === undefined) break;
      runs.get(cell)?.push({ round, position, ...outcome });
      runsDone++;
    }
  }
  return [...runs]
    .filter(([, done]) => done.length > 0)
    .map(([cell, done]) => conclude(cell, done));
}

/** A cell is valid when most of its runs are: one that failed for the moment does not hide the others. */
function conclude({ scenario, lane, placement }: Cell, runs: ReportRun[]): ReportCell {
  const valid = runs.filter((run) => run.valid).length * 2 > runs.length;
  const why = [...new Set(runs.flatMap((run) => run.why))];
  return { scenario: scenario.name, lane: lane.name, placement: placement.name, valid, why, runs };
}

import type { Report, ReportCell, ReportRun } from '../../report/schema/report.ts';
import { type Calibration, calmOf, isSlow, type RoundsRule } from '../../statistics/index.ts';
import {
  type CellSoFar,
  type Headline,
  headlinesOf,
  type NextRound,
  nextRounds,
} from './next-round.ts';
import { orderOf, type Plan } from './plan.ts';
import type { Cell, CellTimes, runCell } from './run-cell.ts';

/** The progress of a run of the lab. */
export interface Progress {
  /** From 1; the largest of any cell. */
  readonly round: number;
  /** The reason for an additional round; undefined in the promised ones. */
  readonly more: NextRound['reason'] | undefined;
  /** The cell that is being measured. */
  readonly cell: Cell;
  readonly runsDone: number;
  /** Returns the ratios that the run is for, as far as they are known. */
  readonly mainRatios: () => readonly Headline[];
}

/** The limits of the rounds: their numbers, and their total time. */
export interface RoundLimits extends RoundsRule {
  /**
   * The total time, in which additional rounds must fit. The promised ones always run, and so do those that
   * replace slow rounds of the main ratios.
   */
  readonly timeMsMax: number;
}

/** The functions that the rig uses; tests replace them. */
export interface Rig {
  /** Measures the current speed of the machine. */
  calibrate(): Calibration;
  readonly runCell: typeof runCell;
  /** In milliseconds. */
  now(): number;
}

/** The outcome of a plan. */
export interface PlanOutcome {
  readonly cells: ReportCell[];
  readonly ended: NonNullable<Report['ended']>;
  readonly calm: Calibration;
}

/** The number of calibrations before the first run, with which later ones are compared. */
const calibrationsBefore = 8;
const calibrationAsksMax = 3;

/** The options of {@link runPlan}. */
export interface RunPlanOptions {
  readonly plan: Plan;
  readonly limits: RoundLimits;
  /** Returns the times of a cell's measuring. */
  timesOf(cell: Cell, round: number): CellTimes;
  /** Called before each run. */
  onProgress(progress: Progress): void;
  /** Ends the plan early when aborted. */
  readonly signal: AbortSignal;
  readonly rig: Rig;
}

/**
 * Runs a plan round by round: first the promised rounds, each with every cell, and then more for the
 * cells whose runs were slow or whose ratios are not known well enough ({@link nextRounds}), as long
 * as there is time; those that a main ratio needs for its interval also after that. When it is aborted, it
 * returns the runs so far and drops the run under way.
 */
export async function runPlan(options: RunPlanOptions): Promise<PlanOutcome> {
  const running = new RunningPlan(options);
  await running.run();
  return running.outcome();
}

class RunningPlan {
  readonly #options: RunPlanOptions;
  readonly #startedAt: number;
  readonly #runs: ReadonlyMap<Cell, ReportRun[]>;
  readonly #tookMs = new Map<Cell, number>();
  readonly #calibrations: Calibration[];
  #runsDone = 0;
  #ended: PlanOutcome['ended']['reason'] = 'interrupted';

  constructor(options: RunPlanOptions) {
    const { plan, rig } = options;
    this.#options = options;
    this.#startedAt = rig.now();
    this.#runs = new Map(plan.cells.map((cell) => [cell, []]));
    this.#calibrations = Array.from({ length: calibrationsBefore }, () => rig.calibrate());
  }

  async run(): Promise<void> {
    for (let round = 0; round < this.#options.limits.roundsMin; round++) {
      const cells = this.#options.plan.cells.filter(({ rounds = round + 1 }) => round < rounds);
      if (!(await this.#runRound(round, cells))) return;
    }
    for (;;) {
      const wanted = nextRounds(this.#soFar(), this.#options.limits);
      const next = wanted.find(({ isPromised, cells }) => isPromised || this.#fits(cells));
      if (next === undefined) {
        const missing = this.#headlines().some(({ roundsMissing }) => roundsMissing !== 0);
        const isOver = wanted.some(({ reason }) => reason !== 'few');
        this.#ended = isOver ? 'time' : missing ? 'rounds' : 'narrow';
        return;
      }
      const rounds = next.cells.flatMap((cell) => this.#runsOf(cell).map(({ round }) => round));
      if (!(await this.#runRound(Math.max(...rounds) + 1, next.cells, next.reason))) return;
    }
  }

  outcome(): PlanOutcome {
    const headlines = this.#headlines().map(({ cells, roundsMissing, soFar: _, ...rest }) => ({
      ...rest,
      moreMs: roundsMissing === null ? null : roundsMissing * this.#expectedMs(cells),
    }));
    const { timeMsMax, halfWidthMax } = this.#options.limits;
    const tookMs = this.#options.rig.now() - this.#startedAt;
    return {
      cells: this.#soFar()
        .map(({ soFar }) => soFar)
        .filter(({ runs }) => runs.length > 0),
      ended: {
        reason: this.#ended,
        tookMs,
        timeMsMax: Number.isFinite(timeMsMax) ? timeMsMax : null,
        halfWidthMax,
        headlines,
      },
      calm: calmOf(this.#calibrations),
    };
  }

  /** False when it was ended. */
  async #runRound(round: number, cells: readonly Cell[], more?: NextRound['reason']) {
    const { limits, onProgress, timesOf, signal, rig } = this.#options;
    for (const [position, cell] of orderOf(cells, round).entries()) {
      for (let isAgain = false; ; isAgain = true) {
        if (signal.aborted) return false;
        onProgress({
          round: round + 1,
          more,
          cell,
          runsDone: this.#runsDone,
          mainRatios: () => this.#headlines(),
        });
        const before = this.#calibrations.at(-1) as Calibration;
        const startedAt = rig.now();
        const outcome = await rig
          .runCell(cell, timesOf(cell, round), signal)
          .catch((error: unknown) => {
            if (!signal.aborted) throw error;
          });
        if (outcome === undefined) return false;
        const after = this.#calibrate();
        this.#tookMs.set(cell, rig.now() - startedAt);
        this.#runsOf(cell).push({ ...outcome, round, position, calibration: { before, after } });
        this.#runsDone++;
        // While the machine is slow, a repetition would be slow too; an additional round replaces it.
        const isOver = this.#isSlow(before) && !this.#isSlow(after);
        if (limits.repeatsMax === 0 || isAgain || !isOver) break;
      }
    }
    return true;
  }

  /** Measures again when the machine seems slow, since the loop may have been interrupted itself. */
  #calibrate(): Calibration {
    let least = this.#options.rig.calibrate();
    for (let ask = 1; ask < calibrationAsksMax && this.#isSlow(least); ask++) {
      const { cpuUs, wakeUpUs } = this.#options.rig.calibrate();
      least = {
        cpuUs: Math.min(least.cpuUs, cpuUs),
        wakeUpUs: Math.min(least.wakeUpUs, wakeUpUs),
      };
    }
    this.#calibrations.push(least);
    return least;
  }

  #isSlow(calibration: Calibration): boolean {
    return isSlow(calibration, calmOf(this.#calibrations));
  }

  #runsOf(cell: Cell): ReportRun[] {
    return this.#runs.get(cell) ?? [];
  }

  /** Marks slow runs by all measurements of the machine so far. */
  #soFar(): CellSoFar[] {
    const calm = calmOf(this.#calibrations);
    return [...this.#runs].map(([cell, runs]) => {
      const judged = runs.map((run) => {
        const { before, after } = run.calibration ?? {};
        const slow = [before, after].some((one) => one !== undefined && isSlow(one, calm));
        return { ...run, slow };
      });
      return { cell, soFar: conclude(cell, judged) };
    });
  }

  #headlines(): Headline[] {
    return headlinesOf(this.#soFar(), this.#options.limits);
  }

  #fits(cells: readonly Cell[]): boolean {
    const elapsedMs = this.#options.rig.now() - this.#startedAt;
    return elapsedMs + this.#expectedMs(cells) <= this.#options.limits.timeMsMax;
  }

  /** The estimated time of a round: that of the last runs of its cells. */
  #expectedMs(cells: readonly Cell[]): number {
    return cells.reduce((sum, cell) => sum + (this.#tookMs.get(cell) ?? 0), 0);
  }
}

/** A cell is valid when most of its runs are: one that failed for the moment does not hide the others. */
function conclude({ scenario, lane, placement }: Cell, runs: ReportRun[]): ReportCell {
  const valid = runs.filter((run) => run.valid).length * 2 > runs.length;
  const why = [...new Set(runs.flatMap((run) => run.why))];
  return { scenario: scenario.name, lane: lane.name, placement: placement.name, valid, why, runs };
}

import { type Recording, recordWire, type WireLedger } from '../bytes/index.ts';
import { measureComplexity } from '../complexity/index.ts';
import { hasOwnWire, loadLane } from '../lanes/index.ts';
import type { Lane } from '../lanes/lane.ts';
import type { Report } from '../report/schema/report.ts';
import { formatDuration } from '../report/words/format.ts';
import { CalibratedLoop } from '../rig/machine/calibration.ts';
import { codeState, fingerprint } from '../rig/machine/fingerprint.ts';
import { type Placements, placementsHere } from '../rig/machine/placement.ts';
import { probeMachine } from '../rig/machine/probe.ts';
import { compareOutcomes } from '../rig/rounds/agreement.ts';
import { makePlan, type Plan } from '../rig/rounds/plan.ts';
import { type Cell, type CellTimes, runCell } from '../rig/rounds/run-cell.ts';
import { type PlanOutcome, type Progress, runPlan } from '../rig/rounds/run-plan.ts';
import { findScenario } from '../scenarios/index.ts';
import { buildReport } from './build-report.ts';
import { estimateCellMs, estimateRun, promisedMs, type RunEstimate, TimeLeft } from './estimate.ts';
import { inPlace, roomInPlace, type Step } from './progress.ts';
import { ratiosSoFar } from './ratios-so-far.ts';
import type { Resolved } from './settings.ts';

// A run that takes so many times as long as expected hangs.
const hungFactor = 10;
const hungAfterMsMin = 60_000;
const disturbedWords =
  'other programs disturb the runs: these are marked, and figures of many such are not to be cited';

/** One run of the lab: its plan, its steps and its results. */
export class LabRun {
  readonly plan: Plan;
  readonly estimate: RunEstimate;
  readonly #root: string;
  readonly #resolved: Resolved;
  readonly #lanes: readonly Lane[];
  readonly #signal: AbortSignal;
  readonly #startedAt = new Date();
  #fingerprint: Report['fingerprint'];
  readonly #codeState: string;
  #agreement: Report['agreement'] = { agree: false, lanes: [] };
  #outcome: PlanOutcome | undefined;
  #wire: WireLedger | null = null;
  #recordings: readonly Recording[] = [];
  #complexity: Report['complexity'] = null;
  #isDisturbed = false;
  /** Failures after the measurements, which are valid without them. */
  readonly #failures: string[] = [];

  private constructor(
    root: string,
    resolved: Resolved,
    lanes: ReadonlyMap<string, Lane>,
    here: Placements,
    machine: Report['fingerprint'],
    signal: AbortSignal,
  ) {
    this.#root = root;
    this.#resolved = resolved;
    this.#lanes = [...lanes.values()];
    this.#signal = signal;
    this.#fingerprint = machine;
    this.#codeState = codeState(root);
    const questions = resolved.questions.map(({ scenario, lanes: names, ...rest }) => ({
      ...rest,
      scenario: findScenario(scenario),
      lanes: names.flatMap((name) => lanes.get(name) ?? []),
    }));
    this.plan = makePlan({ questions, placements: resolved.placements }, here);
    this.estimate = estimateRun(this.plan.cells, resolved);
  }

  /**
   * Loads the lanes, and makes the plan.
   *
   * @param root the top of the repository
   * @param signal ends the run early; the report has the measurements so far
   */
  static async prepare(root: string, resolved: Resolved, signal: AbortSignal): Promise<LabRun> {
    const lanes = new Map<string, Lane>();
    for (const name of new Set(resolved.questions.flatMap((question) => question.lanes))) {
      lanes.set(name, await loadLane(name));
    }
    return new LabRun(root, resolved, lanes, placementsHere(), fingerprint(root), signal);
  }

  /** Measures what tells this machine from others of its kind, for about a second. */
  async probeMachine(): Promise<void> {
    this.#fingerprint = { ...this.#fingerprint, ...(await probeMachine(placementsHere())) };
  }

  /** The steps, in order. */
  get steps(): readonly Step[] {
    const wire: Step = { title: 'Every byte on the wire', work: () => this.#measureWire() };
    return [
      { title: 'The lanes do the same', work: () => this.#compareOutcomes() },
      { title: 'Measuring', work: (say) => this.#measure(say) },
      ...(this.#resolved.wire ? [wire] : []),
      { title: 'Size and branching of the code', work: () => this.#measureComplexity() },
    ];
  }

  /** The bytes of the wire ledger's operations; empty where they were not asked for. */
  get recordings(): readonly Recording[] {
    return this.#recordings;
  }

  /** The report of the steps so far; complete if all are done. */
  report(): Report {
    return buildReport({
      resolved: this.#resolved,
      plan: this.plan,
      lanes: this.#lanes,
      startedAt: this.#startedAt,
      interrupted: this.#signal.aborted,
      failures: [
        ...this.#failures,
        ...(codeState(this.#root) === this.#codeState
          ? []
          : ['the code was changed while it was measured']),
      ],
      fingerprint: this.#fingerprint,
      agreement: this.#agreement,
      outcome: this.#outcome,
      wire: this.#wire,
      complexity: this.#complexity,
    });
  }

  async #compareOutcomes(): Promise<void> {
    this.#agreement = await compareOutcomes(this.#lanes);
    const odd = this.#agreement.lanes.filter(({ agrees }) => !agrees);
    if (odd.length === 0) return;
    const differences = odd.map(({ lane, difference }) => `${lane}: ${difference}`);
    throw new Error(`the lanes do not do the same, so nothing is timed\n${differences.join('\n')}`);
  }

  async #measure(say: (text: string) => void): Promise<void> {
    const loop = await CalibratedLoop.start();
    try {
      this.#outcome = await runPlan({
        plan: this.plan,
        limits: this.#resolved.limits,
        timesOf: (cell, round) => this.#timesOf(cell, round),
        onProgress: this.#progress(say),
        signal: this.#signal,
        rig: {
          runCell: this.#tellingDisturbed(say),
          calibrate: () => loop.measure(),
          now: () => performance.now(),
        },
      });
    } finally {
      await loop.close();
    }
  }

  #progress(say: (text: string) => void): (progress: Progress) => void {
    const { roundsMin, roundsMax, timeMsMax } = this.#resolved.limits;
    const estimate = (cell: Cell) => estimateCellMs(cell, this.#resolved.times);
    const promised = new TimeLeft(promisedMs(this.plan.cells, this.#resolved));
    const startedAt = performance.now();
    const addsRounds = roundsMax > roundsMin && Number.isFinite(timeMsMax);
    let last: { readonly cell: Cell; readonly at: number } | undefined;
    let saidRound = 0;
    return ({ cell, round, more, runsDone, mainRatios }) => {
      const now = performance.now();
      if (last !== undefined) promised.done(estimate(last.cell), now - last.at);
      last = { cell, at: now };
      if (!inPlace && round === saidRound) return;
      saidRound = round;
      const where = inPlace ? `, run ${runsDone + 1}: ${nameOf(cell)}` : '';
      const which =
        more === undefined
          ? `round ${round} of ${roundsMin}`
          : `round ${round}, added because ${addedBecause[more]}`;
      // Rounds are added until the time is over, or until every interval is narrow enough.
      const leftMs = Math.max(promised.leftMs, addsRounds ? timeMsMax - (now - startedAt) : 0);
      const left = `${addsRounds ? 'at most ' : ''}${formatDuration(leftMs)} left`;
      const lines = [`${which}${where}; ${left}`];
      if (inPlace) {
        // Whatever is said in between is replaced here.
        if (this.#isDisturbed) lines.push(disturbedWords);
        lines.push(ratiosSoFar(mainRatios(), roomInPlace()));
      }
      say(lines.join('\n'));
    };
  }

  #timesOf(cell: Cell, round: number): CellTimes {
    const { times, seed } = this.#resolved;
    const hungAfterMs = Math.max(hungAfterMsMin, estimateCellMs(cell, times) * hungFactor);
    // Each round has a seed of its own; within a round, all lanes get the same arrivals.
    return { ...times, hungAfterMs, seed: (seed + round) >>> 0 };
  }

  /** Runs cells, and reports at once when other programs begin to disturb them. */
  #tellingDisturbed(say: (text: string) => void): typeof runCell {
    return async (...args) => {
      const run = await runCell(...args);
      if (!this.#isDisturbed && run.disturbance?.disturbed === true) {
        this.#isDisturbed = true;
        say(disturbedWords);
      }
      return run;
    };
  }

  async #measureWire(): Promise<void> {
    const lanes = this.#lanes.filter(hasOwnWire);
    const names = lanes.map(({ name }) => name);
    const tls = this.#resolved.wireTls;
    const recorded = await this.#besides('the wire ledger', () =>
      recordWire({ lanes: names, tls, signal: this.#signal }),
    );
    if (recorded === null) return;
    this.#recordings = recorded.recordings;
    this.#wire = { ...recorded.ledger, page: 'wire.html' };
  }

  async #measureComplexity(): Promise<void> {
    this.#complexity = await this.#besides('the size of the code', () =>
      measureComplexity(this.#root),
    );
  }

  // A failure after half an hour of measurements must not lose them.
  async #besides<T>(what: string, work: () => Promise<T>): Promise<T | null> {
    if (this.#signal.aborted) return null;
    try {
      return await work();
    } catch (error) {
      if (!this.#signal.aborted) this.#failures.push(`${what} failed: ${(error as Error).message}`);
      return null;
    }
  }
}

const addedBecause = {
  slow: 'runs were slow',
  wide: 'an interval is wide',
  few: 'a scenario has too few rounds for an interval',
} as const;

function nameOf({ scenario, lane, placement }: Cell): string {
  return `${scenario.name}, ${lane.title}, ${placement.name}`;
}

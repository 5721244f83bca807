import { Bench } from 'tinybench';
import { quantile } from '../../statistics/index.ts';
import type { MeasureContext, Measurement } from '../scenario.ts';
import { type WarmUp, warmUp } from './warm-up.ts';

/** Work that is repeated, one turn after the other. */
export interface Task {
  /** Runs one turn. It may return its own time as `{ overriddenDuration }`, in milliseconds. */
  turn(): Promise<unknown>;
  /** The number of operations in a turn; 1 by default. */
  readonly operationsPerTurn?: number;
  /** True when only the median of its turns is needed, for which a few hundred turns are enough. */
  readonly medianOnly?: boolean;
  /** Run before and after each turn, without timing. */
  before?(): Promise<void>;
  after?(): Promise<void>;
}

/** The durations of turns, in milliseconds, in ascending order; never empty. */
export type Durations = readonly number[];

/** A task that was warmed up and timed. */
export interface TimedTask extends WarmUp {
  readonly durationsMs: Durations;
}

// The median of so many turns is exact to 2 or 3 per cent of their middle half.
const turnsForMedian = 200;

/** Times a closed loop of one with tinybench: first until it is warm, then for as long as the context asks. */
export async function timeTask(context: MeasureContext, task: Task): Promise<TimedTask> {
  const { operationsPerTurn = 1, medianOnly = false } = task;
  const warm = await warmUp(context, async (windowMs) => {
    const durationsMs = await run(task, { measureMs: windowMs }, (work) => work());
    const operations = durationsMs.length * operationsPerTurn;
    return { medianLatency: quantile(durationsMs, 0.5), operations };
  });
  const { measureMs, measureMsMax, measureOperations } = context;
  const turns = medianOnly ? Math.min(turnsForMedian, measureOperations) : measureOperations;
  const durationsMs = await run(task, { measureMs, measureMsMax, turns }, (work) =>
    context.measured(work),
  );
  return { ...warm, durationsMs };
}

/** Returns the result of a timed task, in which an operation is one turn. */
export function timedMeasurement(
  { durationsMs, steady, warmUpMs }: TimedTask,
  values: Readonly<Record<string, number>>,
): Measurement {
  return { values, operations: durationsMs.length, steady, warmUpMs };
}

/** The duration of the turns: the shortest time, and then until there are so many or the longest is over. */
interface Length {
  readonly measureMs: number;
  readonly measureMsMax?: number;
  readonly turns?: number;
}

// tinybench computes its statistics after `teardown`, so `bracket` spans only the task.
async function run(
  task: Task,
  { measureMs, measureMsMax = measureMs, turns = 1 }: Length,
  bracket: (work: () => Promise<void>) => Promise<void>,
): Promise<Durations> {
  const tooLong = new AbortController();
  let startedAt = 0;
  const over = Promise.withResolvers<void>();
  const begun = Promise.withResolvers<void>();
  let bracketed: Promise<void> = Promise.resolve();
  const bench = new Bench({
    time: measureMs,
    iterations: Math.max(1, turns),
    signal: tooLong.signal,
    warmup: false,
    retainSamples: true,
    throws: true,
    setup: () => {
      bracketed = bracket(() => {
        startedAt = performance.now();
        begun.resolve();
        return over.promise;
      });
      return begun.promise;
    },
    teardown: () => {
      over.resolve();
      return bracketed;
    },
  });
  bench.add('task', () => task.turn(), {
    async: true,
    beforeEach: () => task.before?.(),
    afterEach: async () => {
      await task.after?.();
      if (turns > 1 && performance.now() - startedAt >= measureMsMax) tooLong.abort();
    },
  });
  const [done] = await bench.run();
  if (done === undefined || !('latency' in done.result)) throw new Error('the task was not timed');
  return done.result.latency.samples ?? [];
}

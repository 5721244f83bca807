import type { Lane, LaneClient, Target } from '../lanes/lane.ts';

/**
 * One question that the lab asks of lanes, at one point of its range. Its first half is data, which
 * the rig plans with; `measure` runs in a client process, one fresh process for each answer.
 */
export interface Scenario {
  /** The name in options and reports. Members of a family end in their point: `throughput-64`. */
  readonly name: string;
  /** The question without its point: `throughput`. */
  readonly family: string;
  readonly title: string;
  /** The question, in a sentence that ends in a question mark. */
  readonly question: string;
  readonly parameters: Readonly<Record<string, number | string>>;
  readonly metrics: readonly Metric[];
  /** It measures processes as they start: they load nothing that was compiled before. */
  readonly coldStart?: true;
  /** The number of accounts at the start of its server; none by default. */
  readonly accounts?: number;
  /** Returns the reason that it cannot be asked of this lane; undefined when it can. */
  notFor(lane: Lane): string | undefined;
  /** Asks it once, of one lane whose server is fresh. */
  measure(context: MeasureContext): Promise<Measurement>;
}

/** One figure that a scenario gives. */
export interface Metric {
  readonly name: string;
  readonly title: string;
  /** `ms`, `us`, `1/s`, `bytes`, `fraction`; `us`, `calls` and `bytes` for an `/operation` or a `/message`. */
  readonly unit: string;
  readonly better: 'lower' | 'higher';
}

/** The durations of a run's warm-up and measurement, and its source of random numbers. */
export interface MeasureTimes {
  /** The shortest that it measures, in milliseconds, where the scenario's work has no length of its own. */
  readonly measureMs: number;
  /** It goes on until it has so many operations, for the percentiles, or the longest time is over. */
  readonly measureOperations: number;
  readonly measureMsMax: number;
  /** The fewest operations of a warm-up. */
  readonly warmUpOperationsMin: number;
  /** The longest that it goes on behind them until it is steady, in milliseconds. */
  readonly warmUpMsMax: number;
  /** For whatever is drawn: arrivals, orders. The same number gives the same draws. */
  readonly seed: number;
}

/** The context of a scenario in its client process. */
export interface MeasureContext extends MeasureTimes {
  readonly lane: Lane;
  readonly target: Target;
  /** The number of accounts with which the server started. */
  readonly accounts: number;
  /** Opens a connection that is closed with the process. */
  connect(): Promise<LaneClient>;
  /** Brackets what is measured: the rig reads what both processes used at its two ends. */
  measured<T>(work: () => Promise<T>): Promise<T>;
  /** Memory and CPU of the server as it is now, after a garbage collection if asked for. */
  serverUsage(collectGarbage: boolean): Promise<ProcessUsage>;
}

/** The resources that a process has used. */
export interface ProcessUsage {
  readonly cpuUs: number;
  readonly residentBytes: number;
  /** Heap in use and buffers outside it. */
  readonly usedBytes: number;
  /** Of the event loop since the process started, in milliseconds. */
  readonly activeMs: number;
  readonly idleMs: number;
  /** System calls that read and that write; null where the system does not count them. */
  readonly calls: { readonly reads: number; readonly writes: number } | null;
  /** Since the first reading; see `HeapActivity`. */
  readonly heap: { readonly collectingMs: number; readonly allocatedBytes: number };
}

/** The result of one process run. */
export interface Measurement {
  /** One value for each metric, except `usageMetrics`, which the rig adds. */
  readonly values: Readonly<Record<string, number>>;
  readonly operations: number;
  readonly errors: number;
  /** True when the warm-up became steady; null where there is none to judge. */
  readonly steady: boolean | null;
  readonly warmUpMs: number;
  readonly targetPerSecond?: number;
  readonly achievedPerSecond?: number;
  readonly littlesLawError?: number;
  /** The reasons not to trust these values; empty when they are good. */
  readonly invalid: readonly string[];
  readonly notes: readonly string[];
}

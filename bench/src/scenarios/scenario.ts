import type { Lane, LaneClient, Target } from '../lanes/lane.ts';

/**
 * One question about lanes, at one point of its range. Its first half is data, with which
 * the rig plans; `measure` runs in a client process, a fresh one for each result.
 */
export interface Scenario {
  /** The name in options and reports. The name of a member of a family ends in its point: `throughput-64`. */
  readonly name: string;
  /** The question without its point: `throughput`. */
  readonly family: string;
  readonly title: string;
  /** The question, in a sentence that ends in a question mark. */
  readonly question: string;
  readonly parameters: Readonly<Record<string, number | string>>;
  readonly metrics: readonly Metric[];
  /** True if it measures processes as they start; they load no code that was compiled before. */
  readonly coldStart?: true;
  /** True if it can also measure a lane that has messages and nothing else. */
  readonly isOfMessages?: true;
  /** The number of accounts at the start of its server; none by default. */
  readonly accounts?: number;
  /** The number of its servers, which are one chat; 1 by default. */
  readonly nodes?: number;
  /** Returns the reason against measuring this lane; undefined without one. */
  notFor(lane: Lane): string | undefined;
  /** Measures one lane once, with a fresh server. */
  measure(context: MeasureContext): Promise<Measurement>;
}

/** One figure of a scenario. */
export interface Metric {
  readonly name: string;
  readonly title: string;
  /** `ms`, `us`, `1/s`, `bytes`, `fraction`; `us`, `calls` and `bytes` for an `/operation` or a `/message`. */
  readonly unit: string;
  readonly better: 'lower' | 'higher';
}

/** The durations of a run's warm-up and measurement, and its source of random numbers. */
export interface MeasureTimes {
  /** The shortest time to measure, in milliseconds, where the scenario's work has no length of its own. */
  readonly measureMs: number;
  /** The operations that percentiles need; the measurement goes on until then, or until the longest time. */
  readonly measureOperations: number;
  readonly measureMsMax: number;
  /** The fewest operations of a warm-up. */
  readonly warmUpOperationsMin: number;
  /** The longest time that it goes on after them until it is steady, in milliseconds. */
  readonly warmUpMsMax: number;
  /** The seed of random arrivals and orders. The same number gives the same draws. */
  readonly seed: number;
}

/** The context of a scenario in its client process. */
export interface MeasureContext extends MeasureTimes {
  readonly lane: Lane;
  readonly target: Target;
  /** The number of accounts with which the server started. */
  readonly accounts: number;
  /** Opens a connection that is closed when the process ends. */
  connect(): Promise<LaneClient>;
  /** Runs the measured work; the rig reads the usage of both processes before and after it. */
  measured<T>(work: () => Promise<T>): Promise<T>;
  /** Reads the server's current usage, after a garbage collection if asked for. */
  serverUsage(collectGarbage: boolean): Promise<ProcessUsage>;
}

/** The resources that a process has used. */
export interface ProcessUsage {
  readonly cpuUs: number;
  readonly residentBytes: number;
  /** Heap in use and buffers outside it. */
  readonly usedBytes: number;
  /** The times of the event loop since the process started, in milliseconds. */
  readonly activeMs: number;
  readonly idleMs: number;
  /** The numbers of system calls that read and that write; null where the system does not count them. */
  readonly calls: { readonly reads: number; readonly writes: number } | null;
  /** The activity since the first reading; see `HeapActivity`. Null for a program of others. */
  readonly heap: { readonly collectingMs: number; readonly allocatedBytes: number } | null;
  /** The use of the processes that it has started, by the names of `besideMetrics`. */
  readonly beside?: Readonly<Record<string, number>>;
}

/** The result of one process run. */
export interface Measurement {
  /** One value for each metric, except `usageMetrics`, which the rig adds. */
  readonly values: Readonly<Record<string, number>>;
  readonly operations: number;
  /** The operations that failed; none by default. */
  readonly errors?: number;
  /** True when the warm-up became steady; left out without one. */
  readonly steady?: boolean;
  readonly warmUpMs?: number;
  readonly targetPerSecond?: number;
  readonly achievedPerSecond?: number;
  readonly littlesLawError?: number;
  /** The reasons not to trust these values; left out when they are good. */
  readonly invalid?: readonly string[];
  readonly notes?: readonly string[];
}

import { mkdtemp, rm } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { ClientProcesses } from '../client/client-processes.ts';
import type { NodesOfPlan } from '../plan/node-faults.ts';
import { resourceTrends } from '../report/resources.ts';
import {
  type FoundViolations,
  renderTroubles,
  type SoakSummary,
  summarizeViolations,
} from '../report/summary.ts';
import { Tally, type Totals } from '../report/tally.ts';
import type { ResourceSample } from '../server/sample.ts';
import type { ServerCommand } from '../server/server-process.ts';
import { type RoundReport, Series, type SeriesName } from './series.ts';

/** The options of a soak. */
export interface SoakOptions {
  readonly command: ServerCommand;
  readonly seed: number;
  readonly minutes: number;
  /** The number of clients at once, in all series together; at least 4. */
  readonly clients: number;
  /** The processes of the clients, which outlive the soak; its own by default. */
  readonly clientProcesses?: ClientProcesses;
  readonly roundSeconds: number;
  /** The number of the first round. */
  readonly fromRound: number;
  /** The most rounds of each series; undefined for as many as there is time for. */
  readonly rounds?: number;
  /** True for servers that speak TLS, as every second client then does; false by default. */
  readonly tls?: boolean;
  /** Nodes that share a PostgreSQL, in a series of their own; by default servers by themselves. */
  readonly nodes?: NodesOfPlan;
  /** The series; both of servers by themselves by default, or that of nodes. */
  readonly series?: readonly SeriesName[];
  /** Ends it early when aborted, with the results so far. */
  readonly stopped: AbortSignal;
  readonly onRound?: (report: RoundReport, totals: Totals) => void;
}

/** A soak that has ended. */
export interface SoakResult {
  readonly summary: SoakSummary;
  /** The directory with the records of the rounds that found something wrong; undefined if none did. */
  readonly kept: string | undefined;
}

/** Plays rounds in all series at once until the time is over, or one of them finds a fault. */
export async function soak(options: SoakOptions): Promise<SoakResult> {
  const directory = await mkdtemp(join(tmpdir(), 'tandem-soak-'));
  const course = new Course(options, directory);
  await course.run();
  const summary = course.summary();
  if (summary.violations.length + summary.troubles.length > 0) return { summary, kept: directory };
  await rm(directory, { recursive: true, force: true });
  return { summary, kept: undefined };
}

class Course {
  readonly #options: SoakOptions;
  readonly #directory: string;
  readonly #clientProcesses: ClientProcesses;
  readonly #tally = new Tally();
  readonly #samples: ResourceSample[] = [];
  readonly #violations: FoundViolations[] = [];
  readonly #troubles: string[] = [];
  readonly #notInjected = new Set<string>();
  readonly #over = new AbortController();
  readonly #startedAtMs = performance.now();

  constructor(options: SoakOptions, directory: string) {
    this.#options = options;
    this.#directory = directory;
    this.#clientProcesses = options.clientProcesses ?? new ClientProcesses();
  }

  async run(): Promise<void> {
    const { stopped, minutes, nodes } = this.#options;
    const { series = nodes === undefined ? ['mortal', 'long-lived'] : ['nodes'] } = this.#options;
    const timer = setTimeout(() => this.#over.abort(), minutes * 60_000);
    const ended = AbortSignal.any([stopped, this.#over.signal]);
    const actors = Math.max(2, Math.floor(this.#options.clients / series.length));
    try {
      await Promise.all(series.map((name) => this.#runSeries(name, actors, ended)));
    } finally {
      clearTimeout(timer);
      if (this.#options.clientProcesses === undefined) await this.#clientProcesses.close();
    }
  }

  summary(): SoakSummary {
    const { seed, clients, roundSeconds, stopped } = this.#options;
    return {
      seed,
      clients,
      ...(this.#options.nodes && { nodes: this.#options.nodes.count }),
      roundSeconds,
      minutes: (performance.now() - this.#startedAtMs) / 60_000,
      endedAt: new Date().toISOString(),
      interrupted: stopped.aborted,
      node: process.version,
      platform: `${process.platform} ${process.arch}`,
      cores: availableParallelism(),
      notInjected: [...this.#notInjected],
      totals: this.#tally.totals,
      violations: this.#violations,
      troubles: this.#troubles,
      resources: resourceTrends(this.#samples),
    };
  }

  async #runSeries(name: SeriesName, actors: number, stopped: AbortSignal): Promise<void> {
    const { command, seed, fromRound, tls = false } = this.#options;
    const { rounds = Number.POSITIVE_INFINITY, nodes } = this.#options;
    const directory = join(this.#directory, name);
    const series = new Series({
      name,
      command,
      seed,
      clientProcesses: this.#clientProcesses,
      actors,
      roundMs: this.#options.roundSeconds * 1000,
      fromRound,
      rounds,
      tls,
      nodes,
      directory,
      stopped,
    });
    for await (const report of series.rounds()) this.#take(report);
    for (const fault of series.notInjected) this.#notInjected.add(fault);
  }

  #take(report: RoundReport): void {
    this.#tally.add(report.history);
    if (report.sample !== undefined) this.#samples.push(report.sample);
    this.#violations.push(...summarizeViolations(report));
    this.#troubles.push(...renderTroubles(report));
    // A fault in one series ends the other too.
    if (report.violations.length + report.troubles.length > 0) this.#over.abort();
    this.#options.onRound?.(report, this.#tally.totals);
  }
}

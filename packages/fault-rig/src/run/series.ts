import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { check } from '../check/check.ts';
import type { Violation } from '../check/violation.ts';
import type { ClientProcesses } from '../client/client-processes.ts';
import type { History } from '../history/history.ts';
import { makePlan } from '../plan/make-plan.ts';
import type { NodesOfPlan } from '../plan/node-faults.ts';
import type { Plan } from '../plan/plan.ts';
import { writeCertificate } from '../server/certificate.ts';
import type { ResourceSample } from '../server/sample.ts';
import type { ServerCommand, ServerPorts } from '../server/server-process.ts';
import { Nodes } from './nodes.ts';
import { OneServer } from './one-server.ts';
import { Round } from './round.ts';
import type { Servers } from './servers.ts';

/**
 * Servers and their clients, over many rounds:
 *
 * - `mortal`: the server is killed repeatedly; every second round is on a disk that fills up
 * - `long-lived`: the server gets every fault except a kill, so that a leak has time to show
 * - `nodes`: several servers share a PostgreSQL, and all of these are killed and cut off from one another
 */
export type SeriesName = 'mortal' | 'long-lived' | 'nodes';

/** The options of a series. */
export interface SeriesOptions {
  readonly name: SeriesName;
  readonly command: ServerCommand;
  readonly seed: number;
  readonly clientProcesses: ClientProcesses;
  readonly actors: number;
  readonly roundMs: number;
  /** The first round's number. */
  readonly fromRound: number;
  /** The most rounds. */
  readonly rounds: number;
  /** A directory of its own, for data and journals. */
  readonly directory: string;
  /** True for a server that speaks TLS, as every second client then does. */
  readonly tls: boolean;
  /** The nodes of a series that has several. */
  readonly nodes: NodesOfPlan | undefined;
  /** Ends the round under way early, and begins no further one, when aborted. */
  readonly stopped: AbortSignal;
}

/** The result of one round of a series. */
export interface RoundReport {
  readonly series: SeriesName;
  readonly round: number;
  readonly plan: Plan;
  readonly history: History;
  readonly violations: readonly Violation[];
  readonly troubles: readonly string[];
  /** The resources of the long-lived server when no client is connected. */
  readonly sample: ResourceSample | undefined;
  /** The directory of the journals, which exists while they are kept. */
  readonly directory: string;
}

/** Plays one round after the other, and yields the result of each. */
export class Series {
  readonly #options: SeriesOptions;
  #servers: Servers | undefined;
  #fingerprint: string | undefined;
  #round: Round | undefined;
  #troubles: string[] = [];

  constructor(options: SeriesOptions) {
    this.#options = options;
  }

  /** Faults that cannot be injected here, in words; known after the first round. */
  get notInjected(): readonly string[] {
    return this.#servers?.notInjected ?? [];
  }

  /** Ends when the series is stopped, when all rounds were played, or after a round that found a fault. */
  async *rounds(): AsyncGenerator<RoundReport, void> {
    const { directory, fromRound, rounds, stopped } = this.#options;
    await mkdir(directory, { recursive: true });
    const servers = await this.#open();
    this.#servers = servers;
    try {
      for (let played = 0; played < rounds && !stopped.aborted; played++) {
        const report = await this.#play(servers, fromRound + played);
        yield report;
        if (report.violations.length + report.troubles.length > 0) return;
        await rm(report.directory, { recursive: true, force: true });
      }
    } finally {
      await servers.close();
    }
  }

  async #open(): Promise<Servers> {
    const { name, directory, tls, nodes } = this.#options;
    const certificate = tls ? await writeCertificate(directory) : undefined;
    this.#fingerprint = certificate?.fingerprint;
    const command = [...this.#options.command, ...(certificate?.options ?? [])];
    const listener = {
      listening: (server: number, ports: ServerPorts) => this.#round?.setTarget(server, ports),
      trouble: (what: string) => void this.#troubles.push(what),
    };
    if (name === 'nodes') {
      if (nodes === undefined) throw new Error('a series of nodes has to know how many');
      return Nodes.open({ command, nodes, listener });
    }
    return OneServer.open({ command, mortal: name === 'mortal', directory, listener });
  }

  async #play(servers: Servers, number: number): Promise<RoundReport> {
    const { name, seed, actors, roundMs, clientProcesses, stopped } = this.#options;
    const plan = makePlan({
      seed: `${seed}/${name}/${number}`,
      prefix: `r${number}`,
      durationMs: roundMs,
      actors,
      servers: servers.forPlan(number),
    });
    const directory = join(this.#options.directory, `round-${number}`);
    this.#troubles = [];
    await servers.start(plan);
    const fingerprint = this.#fingerprint;
    this.#round = new Round({ plan, clientProcesses, servers, fingerprint, directory, stopped });
    const { history, troubles } = await this.#round.run();
    const sample = await servers.finish();
    return {
      series: name,
      round: number,
      plan,
      history,
      violations: check(history),
      troubles: [...this.#troubles, ...troubles],
      sample,
      directory,
    };
  }
}

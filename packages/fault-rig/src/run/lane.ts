import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { check } from '../check/check.ts';
import type { Violation } from '../check/violation.ts';
import type { ClientProcesses } from '../client/client-processes.ts';
import type { History } from '../history/history.ts';
import { makePlan } from '../plan/make-plan.ts';
import type { Plan } from '../plan/plan.ts';
import { canBreakDisk } from '../server/broken-disk.ts';
import { type ServerCertificate, writeCertificate } from '../server/certificate.ts';
import type { ResourceSample } from '../server/sample.ts';
import { ServerKeeper } from '../server/server-keeper.ts';
import type { ServerCommand, ServerPorts } from '../server/server-process.ts';
import { SmallDisk } from '../server/small-disk.ts';
import { withTimeout } from '../timeout.ts';
import { Round } from './round.ts';

/**
 * A server and its clients, over many rounds:
 *
 * - `mortal`: the server is killed repeatedly; every second round is on a disk that fills up
 * - `long-lived`: the server gets every fault except a kill, so that a leak has time to show
 */
export type LaneName = 'mortal' | 'long-lived';

/** The options of a lane. */
export interface LaneOptions {
  readonly name: LaneName;
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
  /** Ends the round under way early, and begins no further one, when aborted. */
  readonly stopped: AbortSignal;
}

/** The result of one round of a lane. */
export interface RoundReport {
  readonly lane: LaneName;
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

// The server releases closed connections in the turns of its event loop that follow.
const settleMs = 500;
const sampleTimeoutMs = 30_000;

/** Plays one round after the other, and yields the result of each. */
export class Lane {
  readonly #options: LaneOptions;
  readonly #mortal: boolean;
  #disk: SmallDisk | undefined;
  #certificate: ServerCertificate | undefined;
  #breakable = false;
  #keeper: ServerKeeper | undefined;
  #ports: ServerPorts = { socket: 0, grpc: 0 };
  #round: Round | undefined;
  #troubles: string[] = [];

  constructor(options: LaneOptions) {
    this.#options = options;
    this.#mortal = options.name === 'mortal';
  }

  /** Faults that cannot be injected here, in words; known after the first round. */
  get notInjected(): readonly string[] {
    return [
      ...(this.#disk === undefined ? ['a full disk: this user may not mount one'] : []),
      ...(this.#breakable ? [] : ['a disk that breaks: there is no prlimit']),
    ];
  }

  /** Ends when the lane is stopped, when all rounds were played, or after a round that found a fault. */
  async *rounds(): AsyncGenerator<RoundReport, void> {
    const { directory, fromRound, rounds, tls, stopped } = this.#options;
    await mkdir(directory, { recursive: true });
    if (tls) this.#certificate = await writeCertificate(directory);
    this.#disk = await SmallDisk.mount(join(directory, 'small-disk'));
    this.#breakable = await canBreakDisk();
    try {
      for (let played = 0; played < rounds && !stopped.aborted; played++) {
        const round = fromRound + played;
        const report = await this.#play(round, this.#planFor(round));
        yield report;
        if (report.violations.length + report.troubles.length > 0) return;
        await rm(report.directory, { recursive: true, force: true });
      }
    } finally {
      await this.close();
    }
  }

  /** Kills the processes that run. May be called twice. */
  async close(): Promise<void> {
    await this.#keeper?.close();
    this.#disk?.unmount();
  }

  #planFor(round: number): Plan {
    const { name, seed, actors, roundMs } = this.#options;
    const onSmallDisk = this.#disk !== undefined && (!this.#mortal || round % 2 === 1);
    return makePlan({
      seed: `${seed}/${name}/${round}`,
      prefix: `r${round}`,
      durationMs: roundMs,
      actors,
      mortal: this.#mortal,
      onSmallDisk,
      canBreakDisk: this.#breakable,
    });
  }

  async #play(number: number, plan: Plan): Promise<RoundReport> {
    const { name, clientProcesses, stopped } = this.#options;
    const directory = join(this.#options.directory, `round-${number}`);
    this.#troubles = [];
    const keeper = await this.#keeperFor(plan);
    const disk = plan.onSmallDisk ? this.#disk : undefined;
    const killsAtTheEnd = this.#mortal;
    const ports = () => this.#ports;
    const fingerprint = this.#certificate?.fingerprint;
    this.#round = new Round({
      ...{ plan, clientProcesses, keeper, ports, disk, fingerprint },
      ...{ killsAtTheEnd, directory, stopped },
    });
    const { history, troubles } = await this.#round.run();
    const sample = this.#mortal ? undefined : await this.#sample(keeper);
    if (this.#mortal) await this.#endKeeper();
    return {
      lane: name,
      round: number,
      plan,
      history,
      violations: check(history),
      troubles: [...this.#troubles, ...troubles],
      sample,
      directory,
    };
  }

  async #keeperFor({ onSmallDisk }: Plan): Promise<ServerKeeper> {
    if (this.#keeper !== undefined) return this.#keeper;
    const disk = onSmallDisk ? this.#disk?.directory : undefined;
    const data = join(disk ?? this.#options.directory, 'data');
    const command = [...this.#options.command, ...(this.#certificate?.options ?? [])];
    const keeper = new ServerKeeper(command, data, {
      listening: (ports) => {
        this.#ports = ports;
        this.#round?.setTarget(ports);
      },
      trouble: (what) => this.#troubles.push(what),
    });
    this.#keeper = keeper;
    await keeper.start();
    return keeper;
  }

  async #endKeeper(): Promise<void> {
    await this.#keeper?.close();
    this.#keeper = undefined;
  }

  async #sample(keeper: ServerKeeper): Promise<ResourceSample | undefined> {
    await sleep(settleMs);
    const { server } = keeper;
    if (server === undefined) return undefined;
    const sample = await withTimeout(server.sample(), sampleTimeoutMs);
    if (sample === undefined) this.#troubles.push('the server did not say what it holds');
    return sample;
  }
}

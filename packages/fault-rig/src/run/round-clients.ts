import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type ClientEnd, ClientProcess } from '../client/client-process.ts';
import type { ActorOrder, SessionResumption } from '../client/protocol.ts';
import { resumptionsIn } from '../client/resumptions.ts';
import { monotonicMs } from '../history/event.ts';
import { readJournal } from '../history/journal.ts';
import type { Plan } from '../plan/plan.ts';
import { withTimeout } from '../timeout.ts';
import type { ActorProxies } from './actor-proxies.ts';

/** The options of the clients of a round. */
export interface RoundClientsOptions {
  readonly plan: Plan;
  readonly proxies: ActorProxies;
  /** The directory for the journals. */
  readonly directory: string;
  readonly host: string;
  /** The fingerprint of the server's certificate, by which every second actor speaks TLS. */
  readonly fingerprint: string | undefined;
}

// The time after the last step: longer than the time that a client waits for a response.
const leaveTimeoutMs = 30_000;

/** The client processes of a round. Another process with the same actors follows one that is killed. */
export class RoundClients {
  /** The faults of clients that are not due to the plan. */
  readonly troubles: string[] = [];
  readonly #options: RoundClientsOptions;
  readonly #processes: ClientProcess[] = [];
  readonly #ends: Promise<void>[] = [];
  readonly #journals: string[] = [];
  #startedAtMs = 0;
  #stopped = false;

  constructor(options: RoundClientsOptions) {
    this.#options = options;
  }

  /** The paths of all journals. */
  get journals(): readonly string[] {
    return this.#journals;
  }

  /** Starts all processes. Resolves with the moment at which the round begins. */
  async start(): Promise<number> {
    const numbers = Array.from({ length: this.#options.plan.processes }, (_, i) => i);
    const processes = numbers.map((number) => this.#spawn(number));
    await Promise.all(processes.map(({ ready }) => ready));
    this.#startedAtMs = monotonicMs();
    for (const [number, process] of processes.entries()) this.#order(process, number, 0);
    return this.#startedAtMs;
  }

  /** Sends SIGKILL; another process takes over the actors from now on. */
  kill(number: number): void {
    this.#processes[number]?.kill();
    void this.#replace(number);
  }

  /** Resolves when all have ended. */
  async stop(): Promise<void> {
    this.#stopped = true;
    for (const process of this.#processes) process.stop();
    if ((await withTimeout(Promise.all(this.#ends), leaveTimeoutMs)) !== undefined) return;
    this.troubles.push(`clients were not through ${leaveTimeoutMs} ms after the round`);
    for (const process of this.#processes) process.kill();
    await Promise.all(this.#ends);
  }

  async #replace(number: number): Promise<void> {
    const process = this.#spawn(number);
    await process.ready;
    if (this.#stopped) process.stop();
    this.#order(process, number, monotonicMs() - this.#startedAtMs);
  }

  #spawn(number: number): ClientProcess {
    const process = new ClientProcess();
    this.#processes[number] = process;
    this.#ends.push(process.ended.then((end) => this.#ended(end)));
    return process;
  }

  #ended(end: ClientEnd): void {
    if (end.kind === 'done') this.troubles.push(...end.troubles);
    else if (end.kind === 'crashed') this.troubles.push(`a client process ended:\n${end.log}`);
  }

  #order(process: ClientProcess, number: number, fromMs: number): void {
    const { plan, directory } = this.#options;
    const life = this.#journals.length;
    const before = this.#journals.filter(
      (path) => path.includes(`clients-${number}-`) && existsSync(path),
    );
    const resumptions = resumptionsIn(before.flatMap(readJournal));
    const journalPath = join(directory, `clients-${number}-${life}.jsonl`);
    this.#journals.push(journalPath);
    process.start({
      kind: 'start',
      journalPath,
      startedAtMs: this.#startedAtMs,
      durationMs: plan.durationMs,
      actors: this.#actorsOf(number, life, fromMs, resumptions),
    });
  }

  #actorsOf(
    number: number,
    life: number,
    fromMs: number,
    resumptions: ReadonlyMap<string, SessionResumption>,
  ): ActorOrder[] {
    const { plan, proxies, host, fingerprint } = this.#options;
    return plan.actors
      .filter((actor) => actor.process === number)
      .map((actor) => ({
        name: `c${actor.actor}l${life}`,
        transport: actor.transport,
        host,
        port: proxies.portOf(actor),
        fingerprint: actor.actor % 2 === 1 ? fingerprint : undefined,
        steps: actor.steps.filter(({ atMs }) => atMs >= fromMs),
        resumption: resumptions.get(`c${actor.actor}`),
        cleansUp: [],
      }));
  }
}

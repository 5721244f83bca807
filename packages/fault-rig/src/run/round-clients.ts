import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { ClientProcess, ClientProcesses } from '../client/client-processes.ts';
import type { ActorOrder, ClientOrders, SessionResumption } from '../client/protocol.ts';
import { resumptionsIn } from '../client/resumptions.ts';
import { monotonicMs } from '../history/event.ts';
import { readJournal } from '../history/journal.ts';
import type { Plan } from '../plan/plan.ts';
import { withTimeout } from '../timeout.ts';
import type { ActorProxies } from './actor-proxies.ts';

/** The options of the clients of a round. */
export interface RoundClientsOptions {
  readonly plan: Plan;
  readonly clientProcesses: ClientProcesses;
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
  readonly #killed = new Set<ClientProcess>();
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
    const { plan, clientProcesses } = this.#options;
    for (let i = 0; i < plan.processes; i++) this.#processes.push(clientProcesses.take());
    await Promise.all(this.#processes.map((process) => process.ask({ kind: 'prepare' })));
    this.#startedAtMs = monotonicMs();
    for (const [number, process] of this.#processes.entries()) {
      this.#ends.push(this.#run(process, number, 0));
    }
    return this.#startedAtMs;
  }

  /** Sends SIGKILL; another process takes over the actors from now on. */
  kill(number: number): void {
    this.#ends.push(this.#replace(number));
  }

  /** Resolves when all have finished. */
  async stop(): Promise<void> {
    this.#stopped = true;
    for (const process of this.#processes) process.tell({ kind: 'stop' });
    if ((await withTimeout(Promise.all(this.#ends), leaveTimeoutMs)) === undefined) {
      this.troubles.push(`clients were not through ${leaveTimeoutMs} ms after the round`);
      for (const process of this.#processes) this.#kill(process);
      await Promise.all(this.#ends);
    }
    for (const process of this.#processes) this.#options.clientProcesses.giveBack(process);
  }

  async #replace(number: number): Promise<void> {
    const killed = this.#processes[number];
    if (killed === undefined) return;
    this.#kill(killed);
    const process = this.#options.clientProcesses.take();
    this.#processes[number] = process;
    // The journal of the one that is killed is complete at its end.
    await Promise.all([process.ask({ kind: 'prepare' }), killed.ended]);
    if (this.#stopped) process.tell({ kind: 'stop' });
    await this.#run(process, number, monotonicMs() - this.#startedAtMs);
  }

  #kill(process: ClientProcess): void {
    this.#killed.add(process);
    process.kill();
  }

  /** Resolves when the process has finished its orders, or has ended. */
  async #run(process: ClientProcess, number: number, fromMs: number): Promise<void> {
    const finished = await process.ask(this.#ordersFor(number, fromMs));
    if (finished !== undefined) this.troubles.push(...finished.troubles);
    else if (!this.#killed.has(process)) {
      this.troubles.push(`a client process ended:\n${process.log}`);
    }
  }

  #ordersFor(number: number, fromMs: number): ClientOrders {
    const { plan, directory } = this.#options;
    const life = this.#journals.length;
    const before = this.#journals.filter(
      (path) => path.includes(`clients-${number}-`) && existsSync(path),
    );
    const resumptions = resumptionsIn(before.flatMap(readJournal));
    const journalPath = join(directory, `clients-${number}-${life}.jsonl`);
    this.#journals.push(journalPath);
    return {
      kind: 'start',
      journalPath,
      startedAtMs: this.#startedAtMs,
      durationMs: plan.durationMs,
      actors: this.#actorsOf(number, life, fromMs, resumptions),
    };
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
        ports: proxies.portsOf(actor),
        fingerprint: actor.actor % 2 === 1 ? fingerprint : undefined,
        steps: actor.steps.filter(({ atMs }) => atMs >= fromMs),
        resumption: resumptions.get(`c${actor.actor}`),
        cleansUp: [],
      }));
  }
}

import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ClientProcesses } from '../client/client-processes.ts';
import type { SessionResumption } from '../client/protocol.ts';
import { resumptionsIn } from '../client/resumptions.ts';
import {
  type FaultEvent,
  type FaultKind,
  type HistoryEvent,
  monotonicMs,
  type Transport,
} from '../history/event.ts';
import { type History, historyOf } from '../history/history.ts';
import { readJournal } from '../history/journal.ts';
import type { NetworkFault, Plan } from '../plan/plan.ts';
import type { ServerPorts } from '../server/server-process.ts';
import { withTimeout } from '../timeout.ts';
import { ActorProxies, portFor } from './actor-proxies.ts';
import { RoundClients } from './round-clients.ts';
import type { NoteFault, Servers } from './servers.ts';

/** The options of a round. */
export interface RoundOptions {
  readonly plan: Plan;
  readonly clientProcesses: ClientProcesses;
  /** The servers, which run. */
  readonly servers: Servers;
  /** The fingerprint of the server's certificate; undefined when it speaks no TLS. */
  readonly fingerprint: string | undefined;
  /** The directory for the journals, which is made when it is missing. */
  readonly directory: string;
  /** Ends the round early when aborted: no further fault or step begins. */
  readonly stopped: AbortSignal;
}

/** The findings of a round. */
export interface RoundResult {
  readonly history: History;
  /** The faults other than violations, such as clients or mailboxes that did not finish. */
  readonly troubles: readonly string[];
}

const host = '127.0.0.1';

// It takes a second or two, but each user alone may take as long as a client waits.
const cleanUpTimeoutMs = 120_000;

/** Plays a plan against servers, ends all faults, and takes the remaining messages out of the mailboxes. */
export class Round {
  readonly #options: RoundOptions;
  readonly #faults: FaultEvent[] = [];
  #proxies: ActorProxies | undefined;

  constructor(options: RoundOptions) {
    this.#options = options;
  }

  /** Tells the round that a server listens on other ports. */
  setTarget(server: number, ports: ServerPorts): void {
    this.#proxies?.setTarget(server, ports);
  }

  async run(): Promise<RoundResult> {
    const { plan, clientProcesses, directory, servers, fingerprint } = this.#options;
    await mkdir(directory, { recursive: true });
    const proxies = await ActorProxies.open(plan.actors, servers.ports);
    this.#proxies = proxies;
    const clients = new RoundClients({
      plan,
      clientProcesses,
      proxies,
      directory,
      host,
      fingerprint,
    });
    await this.#play(clients, proxies);
    await clients.stop();
    await proxies.close();
    const events = eventsIn(clients.journals);
    const { journal, troubles } = await this.#cleanUp([...resumptionsIn(events).values()]);
    return {
      history: historyOf([...events, ...eventsIn([journal]), ...this.#faults]),
      troubles: [...clients.troubles, ...troubles],
    };
  }

  async #play(clients: RoundClients, proxies: ActorProxies): Promise<void> {
    const { plan, servers, stopped } = this.#options;
    const startedAtMs = await clients.start();
    const isOver = () => monotonicMs() > startedAtMs + plan.durationMs;
    await Promise.all([
      timeline(servers.faultsOf(plan), startedAtMs, stopped, async ({ strike }) => {
        // One that is late, as those before took long, would find no clients any more.
        if (!isOver()) await this.#whileNoted(strike);
      }),
      timeline(plan.clientKills, startedAtMs, stopped, ({ process }) => {
        this.#note('kill clients', `process ${process}`);
        clients.kill(process);
      }),
      timeline(plan.networkFaults, startedAtMs, stopped, (fault) => {
        this.#note(fault.kind, describeFault(fault));
        proxies.strike(fault);
      }),
      until(startedAtMs + plan.durationMs, stopped),
    ]);
    proxies.heal();
  }

  /** Reads the mailboxes directly from the servers, on one transport after the other. */
  async #cleanUp(
    resumptions: readonly SessionResumption[],
  ): Promise<{ journal: string; troubles: readonly string[] }> {
    const { plan, clientProcesses, servers, directory, fingerprint } = this.#options;
    const journal = join(directory, 'clean-up.jsonl');
    const settled = await this.#whileNoted((note) => servers.settle(note));
    if (!settled) return { journal, troubles: [] };
    const transports: readonly Transport[] = ['framed', 'converse', 'unary'];
    const client = clientProcesses.take();
    await client.ask({ kind: 'prepare' });
    const asked = client.ask({
      kind: 'start',
      journalPath: journal,
      startedAtMs: monotonicMs(),
      durationMs: 0,
      actors: transports.map((transport, i) => ({
        name: `end${i}`,
        transport,
        host,
        ports: servers.ports.map((ports) => portFor(transport, ports)),
        fingerprint,
        steps: [],
        resumption: undefined,
        cleansUp: plan.users
          .filter((_, user) => user % transports.length === i)
          .map((user) => ({
            user,
            resumptions: resumptions.filter(({ username }) => username === user),
          })),
      })),
    });
    const finished = await withTimeout(asked, cleanUpTimeoutMs);
    const how = client.isRunning
      ? `took longer than ${cleanUpTimeoutMs} ms`
      : `ended:\n${client.log}`;
    if (finished === undefined) client.kill();
    clientProcesses.giveBack(client);
    const trouble = `the client that looks into the mailboxes ${how}`;
    return { journal, troubles: finished?.troubles ?? [trouble] };
  }

  /** Causes a fault of servers, and records its end. */
  async #whileNoted<Result>(strike: (note: NoteFault) => Promise<Result>): Promise<Result> {
    const noted: FaultEvent[] = [];
    const result = await strike((fault, detail) => noted.push(this.#note(fault, detail)));
    const throughMs = monotonicMs();
    for (const event of noted) this.#faults[this.#faults.indexOf(event)] = { ...event, throughMs };
    return result;
  }

  #note(fault: FaultKind, detail: string): FaultEvent {
    const event: FaultEvent = { kind: 'fault', atMs: monotonicMs(), fault, detail };
    this.#faults.push(event);
    return event;
  }
}

function eventsIn(journals: readonly string[]): HistoryEvent[] {
  return journals.filter((path) => existsSync(path)).flatMap(readJournal);
}

function describeFault(fault: NetworkFault): string {
  const actors = `for clients ${fault.actors.join(', ')}`;
  if ('faults' in fault) return `${JSON.stringify(fault.faults)} for ${fault.forMs} ms, ${actors}`;
  return 'direction' in fault ? `${fault.direction}, ${actors}` : actors;
}

/** Resolves at this moment of the monotonic clock, or earlier when `stopped` is aborted. */
async function until(atMs: number, stopped: AbortSignal): Promise<void> {
  const waitMs = atMs - monotonicMs();
  if (waitMs <= 0 || stopped.aborted) return;
  await sleep(waitMs, undefined, { signal: stopped }).catch(() => {});
}

/** Runs each action at its moment, one after the other. Begins none after it is stopped. */
async function timeline<Item extends { readonly atMs: number }>(
  items: readonly Item[],
  startedAtMs: number,
  stopped: AbortSignal,
  perform: (item: Item) => Promise<void> | void,
): Promise<void> {
  for (const item of items) {
    await until(startedAtMs + item.atMs, stopped);
    if (stopped.aborted) return;
    await perform(item);
  }
}

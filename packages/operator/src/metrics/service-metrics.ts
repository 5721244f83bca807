import { setImmediate as turn } from 'node:timers/promises';
import type { Chat, StoreStep } from '@tandem/chat';
import type { TransportName } from '@tandem/core';
import type { ConnectionRefusal, MemoryBudget } from '@tandem/core/server';
import type { Registry } from 'prom-client';
import { durationBounds, type OperationMeter } from './operation-meter.ts';
import type { PlainHistogram } from './plain-histogram.ts';
import {
  byReason,
  type Counted,
  counter,
  gauge,
  histogram,
  type Labels,
  type Sample,
} from './plain-metrics.ts';
import type { TlsView } from './tls-metrics.ts';

/** A server of one transport, as far as an operator sees it. */
export interface TransportView {
  readonly transport: TransportName;
  readonly connectionCount: number;
  readonly refusals: Readonly<Record<ConnectionRefusal, number>>;
}

/** The sources of a service's figures. */
export interface ServiceView {
  /** The service; undefined until it is opened. */
  readonly service: Chat | undefined;
  /** The servers that listen. */
  readonly servers: readonly TransportView[];
  readonly meters: Readonly<Record<TransportName, OperationMeter>>;
  /** Times of what the store did, in seconds. */
  readonly storeTimes: Readonly<Record<StoreStep, PlainHistogram>>;
  /** Writes that the store has refused. */
  readonly storeFailures: number;
  readonly budget: MemoryBudget;
  /** The TLS of the servers; undefined without. */
  readonly tls: TlsView | undefined;
  /** True while everybody is served. */
  readonly ready: boolean;
}

const storeSteps: readonly StoreStep[] = ['write', 'sync'];

/** The bounds of mailbox sizes, in messages. */
const mailboxBounds = [0, 1, 10, 100, 1_000, 10_000];
const mailboxesKeptMs = 10_000;

/** Registers what a chat service does, read from plain numbers when somebody asks. */
export function registerServiceMetrics(registry: Registry, view: ServiceView): void {
  registerOperations(registry, view);
  registerConnections(registry, view);
  registerMailboxes(registry, view);
  registerStore(registry, view);
  gauge(registry, {
    name: 'tandem_ready',
    help: '1 while everybody is served, 0 while the server starts or stops.',
    read: () => [[{}, view.ready ? 1 : 0]],
  });
}

function registerOperations(registry: Registry, view: ServiceView): void {
  histogram(registry, {
    name: 'rpc_server_call_duration_seconds',
    help: 'Time from a request to its outcome, which is durable then. The code is the status of the protocol.',
    labelNames: ['operation', 'transport', 'code'],
    bounds: durationBounds,
    read: () =>
      Object.entries(view.meters).flatMap(([transport, meter]) =>
        [...meter].map(
          ([{ operation, status }, times]) =>
            [{ operation, transport, code: status }, times] as const,
        ),
      ),
  });
  counter(registry, {
    name: 'tandem_usage_refusals_total',
    help: 'Operations that were refused since a user or an address had too much of them.',
    labelNames: ['reason'],
    read: () => byReason(view.service?.usage.refusals ?? {}),
  });
}

function registerConnections(registry: Registry, view: ServiceView): void {
  const { budget } = view;
  gauge(registry, {
    name: 'tandem_connections',
    help: 'Connections at the moment.',
    labelNames: ['transport'],
    read: () =>
      view.servers.map(({ transport, connectionCount }) => [{ transport }, connectionCount]),
  });
  counter(registry, {
    name: 'tandem_connections_refused_total',
    help: 'Connections that were refused, or closed for those of other addresses.',
    labelNames: ['transport', 'reason'],
    read: () =>
      view.servers.flatMap(({ transport, refusals }) =>
        byReason(refusals).map(([labels, value]): Sample => [{ ...labels, transport }, value]),
      ),
  });
  gauge(registry, {
    name: 'tandem_connection_memory_bytes',
    help: 'Memory that all connections hold together, as far as it is counted.',
    read: () => [[{}, budget.bytes]],
  });
  gauge(registry, {
    name: 'tandem_connection_memory_max_bytes',
    help: 'The most that it may be (--memory-max).',
    read: () => [[{}, budget.bytesMax]],
  });
  counter(registry, {
    name: 'tandem_connections_shed_total',
    help: 'Connections that were closed since others needed their memory.',
    read: () => [[{}, budget.shedCount]],
  });
}

function registerMailboxes(registry: Registry, view: ServiceView): void {
  const of = (read: (service: Chat) => number) => (): Sample[] =>
    view.service === undefined ? [] : [[{}, read(view.service)]];
  const figures = [
    ['tandem_accounts', 'Accounts.', of(({ accountCount }) => accountCount)],
    [
      'tandem_sessions',
      'Users who are logged in.',
      of(({ administration }) => administration.countSessions().sessions),
    ],
    [
      'tandem_windows_full',
      'Sessions whose messages wait until the client acknowledges those before.',
      of(({ administration }) => administration.countSessions().windowsFull),
    ],
    [
      'tandem_searches_waiting',
      'Searches that wait for their turn.',
      of(({ searchesWaiting }) => searchesWaiting),
    ],
    [
      'tandem_secrets_waiting',
      'Secrets that wait to be hashed, the one that is worked on included.',
      of(({ secrets }) => secrets.waiting),
    ],
  ] as const;
  for (const [name, help, read] of figures) gauge(registry, { name, help, read });
  const messages = {
    stored: 'Messages that came into a mailbox.',
    delivered: 'Messages that were sent to a session.',
    acknowledged: 'Messages that sessions have acknowledged.',
  } as const;
  for (const [kind, help] of Object.entries(messages)) {
    counter(registry, {
      name: `tandem_messages_${kind}_total`,
      help,
      read: of(({ messageCounts }) => messageCounts[kind as keyof typeof messages]),
    });
  }
  const sizes = new MailboxSizes(view);
  histogram(registry, {
    name: 'tandem_mailbox_messages',
    help: 'Mailboxes at the moment, by how many messages wait in each; looked at at most each ten seconds.',
    bounds: mailboxBounds,
    read: () => sizes.read(),
  });
}

function registerStore(registry: Registry, view: ServiceView): void {
  histogram(registry, {
    name: 'db_client_operation_duration_seconds',
    help: 'Time of what the store did: to write a transaction, while nobody is served, and to sync the log, beside the event loop.',
    labelNames: ['operation'],
    bounds: durationBounds,
    read: () => storeSteps.map((operation) => [{ operation }, view.storeTimes[operation]] as const),
  });
  counter(registry, {
    name: 'tandem_store_failures_total',
    help: 'Writes that the store has refused.',
    read: () => [[{}, view.storeFailures]],
  });
}

/** Counts mailboxes for whoever asks, once for all who ask within some seconds. */
class MailboxSizes {
  readonly #view: ServiceView;
  #countedAtMs = Number.NEGATIVE_INFINITY;
  #counted: Promise<readonly (readonly [Labels, Counted])[]> = Promise.resolve([]);

  constructor(view: ServiceView) {
    this.#view = view;
  }

  read(): Promise<readonly (readonly [Labels, Counted])[]> {
    if (performance.now() - this.#countedAtMs >= mailboxesKeptMs && this.#view.service) {
      this.#countedAtMs = performance.now();
      this.#counted = this.#count(this.#view.service);
    }
    return this.#counted;
  }

  async #count({ administration }: Chat): Promise<readonly (readonly [Labels, Counted])[]> {
    const sizes = await administration.mailboxSizes(mailboxBounds, () => turn());
    return [[{}, { bounds: mailboxBounds, counts: sizes.counts, sum: sizes.messages }]];
  }
}

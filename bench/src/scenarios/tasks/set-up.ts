import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { Socket } from 'node:net';
import type { LaneClient } from '../../lanes/lane.ts';
import { median } from '../../statistics/index.ts';
import { needsServer } from '../applies.ts';
import { firstResponse } from '../driving/opening.ts';
import { timedMeasurement, timeTask } from '../driving/timed-task.ts';
import { duration } from '../metrics.ts';
import type { MeasureContext, Scenario } from '../scenario.ts';

/** The time for both ends to close a connection before the next one is timed. */
export const teardownMs = 3;
/** The number of operations that a set-up counts as in a warm-up, since it runs about as much code. */
export const operationsPerSetUp = 25;

const shared = {
  family: 'set-up',
  parameters: {},
  metrics: [
    duration('total', 'from nothing to the first response'),
    duration('connect', 'until TCP is up'),
    duration('handshake', 'until a request can be made'),
    duration('first-response', 'until the first response'),
  ],
  notFor: needsServer,
};

/** Connection set-up, warm and cold. */
export const setUp: readonly Scenario[] = [
  {
    ...shared,
    name: 'set-up',
    title: 'Set-up of a connection',
    question:
      'How long does a client that has connected before take from nothing to its first response?',
    measure: measureWarm,
  },
  {
    ...shared,
    name: 'set-up-cold',
    coldStart: true,
    title: 'Set-up of the first connection',
    question:
      'How long does the first connection of two fresh processes take to its first response?',
    measure: measureCold,
  },
];

/** The moments of a set-up, in milliseconds from its start. */
interface SetUp {
  readonly connect: number;
  readonly ready: number;
  readonly answered: number;
}

async function measureWarm(context: MeasureContext) {
  const setUps: SetUp[] = [];
  let opened: Opened | undefined;
  const timed = await timeTask(context, {
    operationsPerTurn: operationsPerSetUp,
    medianOnly: true,
    turn: async () => {
      opened = await open(context);
      setUps.push(opened.setUp);
      return { overriddenDuration: opened.setUp.answered };
    },
    after: async () => {
      await opened?.client.close();
      // Some clients are closed before the other side is. The rest of the close must not fall into the next set-up.
      await new Promise((resolve) => setTimeout(resolve, teardownMs));
    },
  });
  // The last ones are those of the measured run; those of the warm-up come before them.
  const measured = setUps.slice(-timed.durationsMs.length);
  const values = {
    total: median(timed.durationsMs) * 1_000,
    connect: median(measured.map(({ connect }) => connect)) * 1_000,
    handshake: median(measured.map(({ connect, ready }) => ready - connect)) * 1_000,
    'first-response': median(measured.map(({ ready, answered }) => answered - ready)) * 1_000,
  };
  return timedMeasurement(timed, values);
}

async function measureCold(context: MeasureContext) {
  const { setUp: moments, client } = await context.measured(() => open(context));
  await client.close();
  const { connect, ready, answered } = moments;
  const values = {
    total: answered * 1_000,
    connect: connect * 1_000,
    handshake: (ready - connect) * 1_000,
    'first-response': (answered - ready) * 1_000,
  };
  return { values, operations: 1 };
}

interface Opened {
  readonly setUp: SetUp;
  readonly client: LaneClient;
}

async function open(context: MeasureContext): Promise<Opened> {
  const tcp = new TcpConnect();
  const startedAt = performance.now();
  const client = await context.connect();
  const ready = performance.now() - startedAt;
  await firstResponse(client);
  const answered = performance.now() - startedAt;
  const connect = Math.min(tcp.end() - startedAt, ready);
  return { setUp: { connect, ready, answered }, client };
}

/** Records the moment at which TCP is connected, whichever library opens the connection. */
class TcpConnect {
  #connectedAt = Number.NaN;
  readonly #listener = (message: unknown) => {
    const { socket } = message as { readonly socket: Socket };
    socket.once('connect', () => {
      this.#connectedAt = performance.now();
    });
  };

  constructor() {
    subscribe('net.client.socket', this.#listener);
  }

  /** The moment, in milliseconds of `performance.now`. */
  end(): number {
    unsubscribe('net.client.socket', this.#listener);
    if (Number.isNaN(this.#connectedAt)) throw new Error('no TCP connection was seen');
    return this.#connectedAt;
  }
}

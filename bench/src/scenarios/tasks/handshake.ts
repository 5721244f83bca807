import type { Lane, LaneClient } from '../../lanes/lane.ts';
import { median } from '../../statistics/index.ts';
import { firstResponse } from '../driving/opening.ts';
import { timedMeasurement, timeTask } from '../driving/timed-task.ts';
import { duration, usageMetrics } from '../metrics.ts';
import type { MeasureContext, Measurement, Scenario } from '../scenario.ts';
import { operationsPerSetUp, teardownMs } from './set-up.ts';

const kinds = {
  full: 'whole handshake',
  resumed: 'session resumed',
} as const;

/** Set-up of connections over TLS. */
export const handshake: readonly Scenario[] = (['full', 'resumed'] as const).map((kind) => ({
  name: `handshake-${kind}`,
  family: 'handshake',
  title: `Set-up over TLS, ${kinds[kind]}`,
  question: `How long does a client take over TLS from nothing to its first response, ${
    kind === 'full' ? 'when both sides prove themselves' : 'with a ticket of a connection before'
  }?`,
  parameters: { handshake: kind },
  metrics: [
    duration('total', 'from nothing to the first response'),
    duration('handshake', 'until a request can be made'),
    ...usageMetrics,
  ],
  notFor: needsTls,
  measure: (context) => measure(context, kind),
}));

function needsTls({ resume }: Lane): string | undefined {
  return resume === undefined ? 'it speaks no TLS' : undefined;
}

async function measure(context: MeasureContext, kind: keyof typeof kinds): Promise<Measurement> {
  const { lane, target } = context;
  const resume = lane.resume ?? lane.connect;
  const connect = () => (kind === 'full' ? lane.connect(target) : resume(target));
  const readyMs: number[] = [];
  let client: LaneClient | undefined;
  if (kind === 'resumed') await (await answered(connect)).close();
  const timed = await timeTask(context, {
    operationsPerTurn: operationsPerSetUp,
    medianOnly: true,
    turn: async () => {
      client = await answered(connect, readyMs);
    },
    after: async () => {
      await client?.close();
      // Some clients are closed before the other side is. The rest of the close must not fall into the next one.
      await new Promise((resolve) => setTimeout(resolve, teardownMs));
    },
  });
  return timedMeasurement(timed, {
    total: median(timed.durationsMs) * 1_000,
    handshake: median(readyMs.slice(-timed.durationsMs.length)) * 1_000,
  });
}

/** Connects and waits for a first response. */
async function answered(
  connect: () => Promise<LaneClient>,
  readyMs: number[] = [],
): Promise<LaneClient> {
  const startedAt = performance.now();
  const client = await connect();
  readyMs.push(performance.now() - startedAt);
  await firstResponse(client);
  return client;
}

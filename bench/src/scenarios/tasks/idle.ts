import { needsServer } from '../applies.ts';
import { firstResponse, openEach } from '../driving/opening.ts';
import type { MeasureContext, Measurement, Scenario } from '../scenario.ts';

const connectionCounts = [1, 100, 1_000, 10_000] as const;

// The first connections make the runtime load and allocate, which is no cost of one more connection.
const warmConnections = 50;

/** Measures the cost of idle connections. */
export const idle: readonly Scenario[] = connectionCounts.map((connections) => ({
  name: `idle-${connections}`,
  family: 'idle',
  title: `${connections} idle ${connections === 1 ? 'connection' : 'connections'}`,
  question: `What does each of ${connections} connections cost the server while nothing happens?`,
  parameters: { connections },
  metrics: [
    {
      name: 'resident-bytes',
      title: 'resident memory for each',
      unit: 'bytes',
      better: 'lower',
    },
    { name: 'used-bytes', title: 'heap and buffers for each', unit: 'bytes', better: 'lower' },
    {
      name: 'cpu',
      title: 'CPU of the server for all, between keepalives',
      unit: 'us/s',
      better: 'lower',
    },
  ],
  notFor: needsServer,
  measure: (context) => measure(context, connections),
}));

async function measure(context: MeasureContext, connections: number): Promise<Measurement> {
  const warm = await open(context, warmConnections);
  const before = await context.serverUsage(true);
  const opened = await open(context, connections);
  const after = await context.serverUsage(true);
  const idleMs = await context.measured(() => idleFor(context.measureMsMax));
  const later = await context.serverUsage(false);
  // The clients are kept until here: otherwise one could be collected, and its connection with it.
  const held = warm.length + opened.length;
  return {
    values: {
      'resident-bytes': (after.residentBytes - before.residentBytes) / connections,
      'used-bytes': (after.usedBytes - before.usedBytes) / connections,
      cpu: (later.cpuUs - after.cpuUs) / (idleMs / 1_000),
    },
    operations: held - warmConnections,
  };
}

async function idleFor(timeMs: number): Promise<number> {
  const startedAt = performance.now();
  await new Promise((resolve) => setTimeout(resolve, timeMs));
  return performance.now() - startedAt;
}

/** Opens connections with one response each, so that the server holds all that it will hold for them. */
function open(context: MeasureContext, count: number) {
  return openEach(count, async () => {
    const client = await context.connect();
    await firstResponse(client);
    return client;
  });
}

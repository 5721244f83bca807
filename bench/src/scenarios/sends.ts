import { needsChat } from './applies.ts';
import { closedLoop, loopMeasurement } from './closed-loop.ts';
import { throughputMetrics } from './metrics.ts';
import type { MeasureContext, Measurement, Scenario } from './scenario.ts';

const connectionCounts = [1, 64] as const;
const workload = { kind: 'send', body: 'x'.repeat(32) } as const;

/** Sends of many people, each of whom waits for the answer: what a store that writes to disk costs. */
export const sends: readonly Scenario[] = connectionCounts.map((connections) => ({
  name: `sends-${connections}`,
  family: 'sends',
  title: connections === 1 ? 'Sends on one connection' : `Sends on ${connections} connections`,
  question: `How many messages a second do ${connections} connections send, each with one under way?`,
  parameters: { connections, depth: 1, bodyChars: workload.body.length },
  metrics: throughputMetrics,
  notFor: needsChat,
  measure: (context) => measure(context, connections),
}));

async function measure(context: MeasureContext, connections: number): Promise<Measurement> {
  const operations: (() => Promise<void>)[] = [];
  for (let i = 0; i < connections; i++) {
    const client = await context.connect();
    await client.prepare(workload);
    operations.push(client.operation(workload));
  }
  return loopMeasurement(await closedLoop(context, operations));
}

import type { Lane, Workload } from '../../lanes/lane.ts';
import { firstReason, needsChat, needsDepth, needsNodes, needsServer } from '../applies.ts';
import { closedLoop, loopMeasurement } from '../driving/closed-loop.ts';
import { openEach } from '../driving/opening.ts';
import {
  besideMetrics,
  latencyMetrics,
  throughputMetrics,
  usageMetricsOfMessages,
} from '../metrics.ts';
import type { MeasureContext, Measurement, Scenario } from '../scenario.ts';

const connectionCounts = [1, 16, 64, 256, 1_000] as const;
const senderCounts = [1, 64] as const;
const nodeCounts = [1, 2, 3] as const;
const sendersOfNodes = 64;
// Pairs, and the messages that each keeps under way.
const pairPoints = [
  [1, 1],
  [200, 1],
  [16, 16],
] as const;
const message = { kind: 'send', body: 'x'.repeat(32) } as const;
// A send, and the acknowledgement of its recipient.
const operationsPerSend = 2;

/**
 * Many users, each of whom waits for the response, so their requests cannot be joined. One connection that
 * keeps as many requests under way is `throughput`.
 */
export const connections: readonly Scenario[] = connectionCounts.map((count) => ({
  name: `connections-${count}`,
  family: 'connections',
  title: count === 1 ? 'One connection, one at a time' : `${count} connections, one each`,
  question: `How many searches a second do ${count} connections carry, each with one under way?`,
  parameters: { connections: count, depth: 1 },
  metrics: throughputMetrics,
  notFor: needsServer,
  measure: (context) => measureEach(context, count, { kind: 'search' }),
}));

/** Sends of many users, each of whom waits for the response: the cost of a store that writes to disk. */
export const sends: readonly Scenario[] = senderCounts.map((count) => ({
  name: `sends-${count}`,
  family: 'sends',
  title: count === 1 ? 'Sends on one connection' : `Sends on ${count} connections`,
  question: `How many messages a second do ${count} connections send, each with one under way?`,
  parameters: { connections: count, depth: 1, bodyChars: message.body.length },
  metrics: [...throughputMetrics, ...besideMetrics],
  notFor: needsChat,
  measure: (context) => measureEach(context, count, message),
}));

/** The same over several nodes of one database: each recipient is at the node behind that of the sender. */
export const sendsOverNodes: readonly Scenario[] = nodeCounts.map((nodes) => ({
  name: `nodes-${nodes}`,
  family: 'nodes',
  title: nodes === 1 ? 'Sends at one node' : `Sends from node to node, over ${nodes}`,
  question: `How many messages a second do ${sendersOfNodes} connections send over ${nodes === 1 ? 'one node' : `${nodes} nodes`}?`,
  parameters: { nodes, connections: sendersOfNodes, depth: 1, bodyChars: message.body.length },
  nodes,
  metrics: [...throughputMetrics, ...besideMetrics],
  notFor: needsNodes,
  measure: (context) => measureEach(context, sendersOfNodes, message),
}));

/**
 * Pairs of a sender and a recipient, each on a connection of their own in one client process. A message is
 * under way until its sender has the response, if there is one, and its recipient has the message.
 * The recipient acknowledges each where the protocol has that. So brokers can be measured beside it.
 */
export const deliveryPairs: readonly Scenario[] = pairPoints.map(([pairs, window]) => ({
  name: `delivery-pairs-${pairs}x${window}`,
  family: 'delivery-pairs',
  title: `${pairs === 1 ? 'One pair' : `${pairs} pairs`}, ${window} under way each`,
  question: `What does a message cost when ${pairs} senders each keep ${window} under way to a recipient of their own?`,
  parameters: { pairs, window, bodyChars: message.body.length },
  metrics: [
    { name: 'throughput', title: 'messages a second', unit: '1/s', better: 'higher' },
    ...latencyMetrics,
    ...usageMetricsOfMessages,
  ],
  isOfMessages: true,
  notFor: firstReason(needsServer, needsMessages, needsDepth(window)),
  measure: (context) =>
    measureEach(context, pairs, { kind: 'delivery', body: message.body }, window),
}));

/**
 * Measures clients on connections of their own.
 *
 * @param window the number of operations that each keeps under way
 */
async function measureEach(
  context: MeasureContext,
  count: number,
  workload: Workload,
  window = 1,
): Promise<Measurement> {
  const operations: (() => Promise<void>)[] = [];
  const open = async () => {
    const client = await context.connect();
    await client.prepare(workload);
    operations.push(...Array(window).fill(client.operation(workload)));
  };
  // The first client prepares what the others search for.
  await open();
  await openEach(count - 1, open);
  const each = workload.kind === 'search' ? 1 : operationsPerSend;
  const warmUpOperationsMin = Math.ceil(context.warmUpOperationsMin / each);
  return loopMeasurement(await closedLoop({ ...context, warmUpOperationsMin }, operations));
}

function needsMessages(lane: Lane): string | undefined {
  return lane.messagesOnly === true ? undefined : needsChat(lane);
}

import type { Lane } from '../../lanes/lane.ts';
import { firstReason, needsChat, needsDepth, needsServer } from '../applies.ts';
import { latencyMetrics, usageMetricsOfMessages } from '../metrics.ts';
import type { Scenario } from '../scenario.ts';
import { measureEach } from './connections.ts';

// Pairs, and the messages that each keeps under way.
const points = [
  [1, 1],
  [200, 1],
  [16, 16],
] as const;
const body = 'x'.repeat(32);

/**
 * Pairs of a sender and a recipient, each on a connection of their own in one client process. A message is
 * under way until its sender has the response, if there is one, and its recipient has the message.
 * The recipient acknowledges each where the protocol has that. So brokers can be measured beside it.
 */
export const deliveryPairs: readonly Scenario[] = points.map(([pairs, window]) => ({
  name: `delivery-pairs-${pairs}x${window}`,
  family: 'delivery-pairs',
  title: `${pairs === 1 ? 'One pair' : `${pairs} pairs`}, ${window} under way each`,
  question: `What does a message cost when ${pairs} senders each keep ${window} under way to a recipient of their own?`,
  parameters: { pairs, window, bodyChars: body.length },
  metrics: [
    { name: 'throughput', title: 'messages a second', unit: '1/s', better: 'higher' },
    ...latencyMetrics,
    ...usageMetricsOfMessages,
  ],
  isOfMessages: true,
  notFor: firstReason(needsServer, needsMessages, needsDepth(window)),
  measure: (context) => measureEach(context, pairs, { kind: 'delivery', body }, window),
}));

function needsMessages(lane: Lane): string | undefined {
  return lane.messagesOnly === true ? undefined : needsChat(lane);
}

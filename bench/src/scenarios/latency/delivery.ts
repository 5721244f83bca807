import { Status } from '@tandem/core';
import { median } from '../../statistics/index.ts';
import { chatOf, needsChat, needsNodes } from '../applies.ts';
import { timedMeasurement, timeTask } from '../driving/timed-task.ts';
import {
  besideMetricsOfMessages,
  duration,
  latencyMetrics,
  usageMetricsOfMessages,
} from '../metrics.ts';
import type { Scenario } from '../scenario.ts';
import { valuesOf } from './latency.ts';

// Each of its operations takes milliseconds.
const committedWarmUpMax = 2_000;

/** Delivery from one user to another, on two connections of one client process, so that one clock times both. */
export const delivery: Scenario = {
  name: 'delivery',
  family: 'delivery',
  title: 'Delivery of a message',
  question:
    'How long is it from a send to the moment at which its recipient has the message, one at a time?',
  parameters: { depth: 1, bodyChars: 32 },
  metrics: [
    ...latencyMetrics,
    duration('response', 'median latency of the response to the sender'),
    ...usageMetricsOfMessages,
    ...besideMetricsOfMessages,
  ],
  notFor: needsChat,
  measure: async (context) => {
    const [alice, bob] = [chatOf(await context.connect()), chatOf(await context.connect())];
    for (const [chat, name] of [
      [alice, 'alice'],
      [bob, 'bob'],
    ] as const) {
      await chat.register(name);
      await chat.login(name);
    }
    const body = 'x'.repeat(32);
    const responsesMs: number[] = [];
    const timed = await timeTask(context, {
      turn: async () => {
        const sentAt = performance.now();
        const arrived = bob.messages.next().then(() => performance.now() - sentAt);
        const { status } = await alice.send('bob', body);
        responsesMs.push(performance.now() - sentAt);
        if (status !== Status.delivered) throw new Error(`a send was answered ${status}`);
        return { overriddenDuration: await arrived };
      },
    });
    // Those of the warm-up are before.
    const response = median(responsesMs.slice(-timed.durationsMs.length)) * 1_000;
    return timedMeasurement(timed, { ...valuesOf(timed.durationsMs), response });
  },
};

/** The same where sender and recipient are at two nodes of one database. */
export const deliveryOverNodes: Scenario = {
  ...delivery,
  name: 'delivery-nodes',
  title: 'Delivery to another node',
  question: `${delivery.question.slice(0, -1)}, who is at another node than the sender?`,
  parameters: { ...delivery.parameters, nodes: 2 },
  nodes: 2,
  notFor: needsNodes,
  // Beside two commits, what cold code adds is little.
  measure: (context) =>
    delivery.measure({
      ...context,
      warmUpOperationsMin: Math.min(context.warmUpOperationsMin, committedWarmUpMax),
    }),
};

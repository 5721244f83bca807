import { Status } from '@tandem/core';
import { chatOf, needsChat } from './applies.ts';
import { valuesOf } from './latency.ts';
import { latencyMetrics, usageMetricsOfMessages } from './metrics.ts';
import type { Scenario } from './scenario.ts';
import { timedMeasurement, timeTask } from './timed-task.ts';

/** Delivery from one user to another, on two connections of one client process, so that one clock times both. */
export const delivery: Scenario = {
  name: 'delivery',
  family: 'delivery',
  title: 'Delivery of a message',
  question:
    'How long is it from a send to the moment at which its recipient has the message, one at a time?',
  parameters: { depth: 1, bodyChars: 32 },
  metrics: [...latencyMetrics, ...usageMetricsOfMessages],
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
    const timed = await timeTask(context, {
      turn: async () => {
        const sentAt = performance.now();
        const arrived = bob.messages.next().then(() => performance.now() - sentAt);
        const { status } = await alice.send('bob', body);
        if (status !== Status.delivered) throw new Error(`a send was answered ${status}`);
        return { overriddenDuration: await arrived };
      },
    });
    return timedMeasurement(timed, valuesOf(timed.durationsMs));
  },
};

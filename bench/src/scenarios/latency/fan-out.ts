import { type ChatClient, Status } from '@tandem/core';
import type { Lane } from '../../lanes/lane.ts';
import { LatencyRecorder, median } from '../../statistics/index.ts';
import { chatOf, firstReason, needsChat, needsDepth } from '../applies.ts';
import { openEach } from '../driving/opening.ts';
import { timeTask } from '../driving/timed-task.ts';
import { duration, usageMetricsOfMessages } from '../metrics.ts';
import type { MeasureContext, Measurement, Scenario } from '../scenario.ts';

const recipientCounts = [100, 1_000] as const;
const body = 'x'.repeat(32);

/**
 * One sender to many: the chat has no operation for that, so the sender sends to each, all before any
 * response. The recipients are in the client process, so one clock times both ends, and its CPU time
 * is that of all of them.
 */
export const fanOut: readonly Scenario[] = recipientCounts.map((recipients) => ({
  name: `fan-out-${recipients}`,
  family: 'fan-out',
  title: `One sender, ${recipients} recipients`,
  question: `How long does it take until each of ${recipients} recipients has a message, all sent at once by one sender?`,
  parameters: { recipients, bodyChars: body.length },
  metrics: [
    duration('total', 'until all have arrived'),
    { name: 'throughput', title: 'messages a second', unit: '1/s', better: 'higher' },
    duration('p50', 'median, from a send to its arrival'),
    duration('p99', '99th percentile'),
    duration('mean', 'mean, from a send to its arrival'),
    ...usageMetricsOfMessages,
  ],
  notFor: (lane: Lane) => firstReason(needsChat, needsDepth(recipients))(lane),
  measure: (context: MeasureContext) => measure(context, recipients),
}));

async function measure(context: MeasureContext, count: number): Promise<Measurement> {
  const sender = await logIn(context, 'sender');
  const recipients = await openEach(count, (index) => openRecipient(context, `r${index}`));
  let latencies = new LatencyRecorder();
  const turn = async () => {
    const sentAt = performance.now();
    const lastArrivedAt = Promise.withResolvers<number>();
    let missing = count;
    for (const recipient of recipients) {
      // The waiting begins before the send, since a message may arrive before the send's response.
      const sendAt = performance.now();
      recipient.onMessage = () => {
        const arrivedAt = performance.now();
        latencies.record((arrivedAt - sendAt) * 1_000);
        if (--missing === 0) lastArrivedAt.resolve(arrivedAt);
      };
      recipient.sent = send(sender, recipient.username);
    }
    await Promise.all(recipients.map(({ sent }) => sent));
    return { overriddenDuration: (await lastArrivedAt.promise) - sentAt };
  };
  const measured: MeasureContext['measured'] = (work) => {
    latencies = new LatencyRecorder();
    return context.measured(work);
  };
  const timed = await timeTask(
    { ...context, measured },
    { operationsPerTurn: count, medianOnly: true, turn },
  );
  const totalMs = median(timed.durationsMs);
  const { p50Us = Number.NaN, p99Us = Number.NaN, meanUs = Number.NaN } = latencies.summary() ?? {};
  return {
    values: {
      total: totalMs * 1_000,
      throughput: (count / totalMs) * 1_000,
      p50: p50Us,
      p99: p99Us,
      mean: meanUs,
    },
    operations: timed.durationsMs.length * count,
    steady: timed.steady,
    warmUpMs: timed.warmUpMs,
  };
}

/** A user on a connection of their own, who takes the messages that arrive. */
interface Recipient {
  readonly username: string;
  onMessage: () => void;
  sent: Promise<void>;
}

async function openRecipient(context: MeasureContext, username: string): Promise<Recipient> {
  const recipient = { username, onMessage: () => {}, sent: Promise.resolve() };
  void takeAll(await logIn(context, username), recipient);
  return recipient;
}

async function takeAll({ messages }: ChatClient, recipient: Recipient): Promise<void> {
  for await (const _ of messages) recipient.onMessage();
}

async function logIn(context: MeasureContext, username: string): Promise<ChatClient> {
  const chat = chatOf(await context.connect());
  await chat.register(username);
  const { status } = await chat.login(username);
  if (status !== Status.loggedIn) throw new Error(`a login was answered ${status}`);
  return chat;
}

async function send(sender: ChatClient, recipient: string): Promise<void> {
  const { status } = await sender.send(recipient, body);
  if (status !== Status.delivered) throw new Error(`a send was answered ${status}`);
}

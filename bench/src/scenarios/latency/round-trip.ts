import type { LaneClient } from '../../lanes/lane.ts';
import { mean, median } from '../../statistics/index.ts';
import { chatOf, firstReason, needsChat, needsDepth, needsServer } from '../applies.ts';
import { closedLoop, warmLoops } from '../driving/closed-loop.ts';
import { timeTask } from '../driving/timed-task.ts';
import { duration } from '../metrics.ts';
import type { MeasureContext, Measurement, Scenario } from '../scenario.ts';
import { DelayedLine } from './delayed-line.ts';

const roundTripsMs = [0, 10, 50] as const;
const depth = 64;

// A long response: so many names, each of the longest length. It is several windows long.
const names = 4_000;
const nameChars = 50;
const namesQuery = 'n*';
/** The size of a long response, in bytes: its names, and a byte between them. */
const longResponseBytes = names * (nameChars + 1);
// The number of accounts that are made at once.
const registersAtOnce = 64;

// The shortest time to measure, in round trips; requests under way at the end do not count.
const requestRoundTripsMin = 6;
const loopRoundTripsMin = 10;
const longResponsesTimed = 3;

/** Measures the effect of a line with a delay between client and server. */
export const roundTrip: readonly Scenario[] = roundTripsMs.map((roundTripMs) => ({
  name: `round-trip-${roundTripMs}ms`,
  family: 'round-trip',
  title: roundTripMs === 0 ? 'A line without delay' : `A line of ${roundTripMs} ms there and back`,
  question: `How fast is each transport when the line between takes ${roundTripMs} ms there and back?`,
  parameters: { roundTripMs, depth, longResponseBytes },
  metrics: [
    duration('short', 'one short request at a time, median'),
    duration('short-mean', 'one short request at a time, mean'),
    { name: 'throughput', title: `throughput at depth ${depth}`, unit: '1/s', better: 'higher' },
    duration('long-response', `a long response of ${longResponseBytes / 1_000} KB`),
  ],
  notFor: firstReason(needsChat, needsServer, needsDepth(depth)),
  measure: (context) => measure(context, roundTripMs),
}));

async function measure(context: MeasureContext, roundTripMs: number): Promise<Measurement> {
  const direct = await context.connect();
  await direct.prepare({ kind: 'search' });
  await registerNames(direct);
  const { steady, warmUpMs } = await warmUp(context, direct);
  const line = await DelayedLine.open({ ...context.target, roundTripMs });
  const client = await context.lane.connect(line.target);
  const operation = client.operation({ kind: 'search' });
  const onLine = (roundTripsMin: number): MeasureContext => ({
    ...context,
    // The code is warm, and the effects of the connection's beginning are over after a window.
    warmUpMsMax: 0,
    warmUpOperationsMin: 0,
    // The line limits the number of operations.
    ...longEnough(Math.max(context.measureMs, roundTripsMin * roundTripMs)),
  });
  const short = await timeTask(
    { ...onLine(requestRoundTripsMin), measured: (work) => work() },
    { turn: operation },
  );
  const loop = await closedLoop(onLine(loopRoundTripsMin), Array(depth).fill(operation));
  const longMs = await timeLongResponses(client);
  await client.close();
  await line.close();
  return {
    values: {
      short: median(short.durationsMs) * 1_000,
      'short-mean': mean(short.durationsMs) * 1_000,
      throughput: loop.perSecond,
      'long-response': longMs * 1_000,
    },
    operations: loop.latency.count,
    steady,
    warmUpMs,
    littlesLawError: loop.littlesLawError,
    achievedPerSecond: loop.perSecond,
    notes: loop.notes,
  };
}

/** Warms up on a connection without delay, since code must run often to be warm, and a long line lets it run seldom. */
async function warmUp(context: MeasureContext, direct: LaneClient) {
  const longResponse = longResponseOf(direct);
  const warm = await warmLoops(context, direct.operation({ kind: 'search' }), depth);
  for (let i = 0; i < longResponsesTimed; i++) await longResponse();
  return warm;
}

function longEnough(measureMs: number) {
  return { measureMs, measureMsMax: measureMs, measureOperations: 1 };
}

async function registerNames(client: LaneClient): Promise<void> {
  const chat = chatOf(client);
  let next = 0;
  const registerOn = async () => {
    while (next < names) await chat.register(`n${String(next++).padStart(nameChars - 1, '0')}`);
  };
  await Promise.all(Array.from({ length: registersAtOnce }, registerOn));
}

/** The median time of a long response, in milliseconds. */
async function timeLongResponses(client: LaneClient): Promise<number> {
  const longResponse = longResponseOf(client);
  const timesMs: number[] = [];
  for (let i = 0; i < longResponsesTimed; i++) {
    const startedAt = performance.now();
    await longResponse();
    timesMs.push(performance.now() - startedAt);
  }
  return median(timesMs);
}

function longResponseOf(client: LaneClient): () => Promise<unknown> {
  const chat = chatOf(client);
  return async () => {
    const outcome = await chat.search(namesQuery);
    const found = 'usernames' in outcome ? outcome.usernames.length : 0;
    if (found !== names) throw new Error(`a search found ${found} of ${names} names`);
  };
}

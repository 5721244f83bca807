import { setTimeout as delay } from 'node:timers/promises';
import { Metronome, monotonicMs } from '../../pacing/metronome.ts';
import { PacedRequests } from '../../pacing/paced-requests.ts';
import { seededRandom } from '../../statistics/index.ts';
import type { LoadRecord } from '../record/record.ts';
import type { LoadSettings, Pace } from '../settings.ts';
import type { LoadConnection } from './connection.ts';
import { NotSentError, type Outcome } from './outcome.ts';

/** The longest wait for responses after the end, in milliseconds. */
const drainMs = 10_000;
/** The same when somebody has ended the load. */
const drainWhenEndedMs = 1_000;
// The time before the first moment of a schedule, since the thread that keeps the time must get it first.
const scheduleLeadMs = 20;
// More operations on one connection would only lengthen the time until an overload is over.
const underWayMax = 256;
// The most moments that wait to be sent, over all connections: eight bytes each.
const waitingMax = 1_000_000;
// The pause after a failure, since an operation that fails at once would fail again as fast.
const pauseAfterFailureMs = 100;

/** Puts the load on, warm-up and measurement, until its time is over or it is ended. Returns how long it measured. */
export async function drive(
  connections: readonly LoadConnection[],
  settings: LoadSettings,
  record: LoadRecord,
  ended: AbortSignal,
): Promise<number> {
  const { warmUpMs, durationMs } = settings;
  const loop = await loopOf(connections, settings, record);
  const startAtMs = monotonicMs() + loop.leadMs;
  const beginAtMs = startAtMs + warmUpMs;
  record.begin(beginAtMs);
  record.end(beginAtMs + durationMs);
  await Promise.race([loop.send(startAtMs), whenAborted(ended)]);
  const endAtMs = Math.min(beginAtMs + durationMs, monotonicMs());
  record.end(endAtMs);
  const over = new AbortController();
  const patienceMs = ended.aborted ? drainWhenEndedMs : drainMs;
  const patience = delay(patienceMs, undefined, { signal: over.signal }).catch(() => {});
  await Promise.race([loop.stop(), patience, ended.aborted ? patience : whenAborted(ended)]);
  over.abort();
  record.close();
  return Math.max(0, endAtMs - beginAtMs);
}

/** The source of operations: closed loop or open loop. */
interface Loop {
  /** The time between the call of `send` and its first moment, in milliseconds. */
  readonly leadMs: number;
  /** Sends from this moment on; resolves when the time is over. */
  send(startAtMs: number): Promise<void>;
  /** Stops before operations that are not due; resolves when all due ones have ended. */
  stop(): Promise<void>;
}

function loopOf(
  connections: readonly LoadConnection[],
  settings: LoadSettings,
  record: LoadRecord,
): Promise<Loop> | Loop {
  const operations = operationsOf(connections, settings);
  const { pace } = settings;
  return pace.kind === 'open'
    ? openLoop(operations, settings, pace, record)
    : closedLoop(operations, connections, settings, pace.depth, record);
}

type Operation = () => Promise<Outcome>;

/** Chooses a connection's next operation: a send to the account of the next one, or a search for it. */
function operationsOf(
  connections: readonly LoadConnection[],
  { seed, sendsShare, bodyChars }: LoadSettings,
): readonly Operation[] {
  // Another sequence of numbers than that of the arrivals.
  const random = seededRandom(seed ^ 0x5eed);
  const body = 'x'.repeat(bodyChars);
  return connections.map((connection, index) => {
    const other = connections[(index + 1) % connections.length]?.username ?? '';
    return async () =>
      random() < sendsShare
        ? { kind: 'send', status: await connection.send(other, body) }
        : { kind: 'search', status: await connection.search(other) };
  });
}

/** Sends at moments that do not wait for responses, on the connections in turn. */
async function openLoop(
  operations: readonly Operation[],
  { seed, warmUpMs, durationMs }: LoadSettings,
  { arrivals, ratePerSecond }: Pace & { readonly kind: 'open' },
  record: LoadRecord,
): Promise<Loop> {
  const queues = operations.map((operation) => new PacedRequests(operation, underWayMax, record));
  const waitingOnOneMax = Math.ceil(waitingMax / queues.length);
  const metronome = await Metronome.start();
  let next = 0;
  let stopped = false;
  const due = (intendedAtMs: number) => {
    if (stopped) return;
    const queue = queues[next++ % queues.length];
    record.due(intendedAtMs);
    if (queue !== undefined && queue.waiting < waitingOnOneMax) queue.add(intendedAtMs);
    else {
      const now = monotonicMs();
      record.failed(new NotSentError(), { intendedAtMs, sentAtMs: now, endedAtMs: now });
    }
  };
  return {
    leadMs: scheduleLeadMs,
    send(startAtMs) {
      const lengthMs = warmUpMs + durationMs;
      return metronome.keep({ kind: arrivals, ratePerSecond, seed, startAtMs, lengthMs }, due);
    },
    async stop() {
      stopped = true;
      await metronome.stop();
      await Promise.all(queues.map((queue) => queue.idle()));
    },
  };
}

/** Keeps `depth` operations under way on each connection. */
function closedLoop(
  operations: readonly Operation[],
  connections: readonly LoadConnection[],
  { warmUpMs, durationMs }: LoadSettings,
  depth: number,
  record: LoadRecord,
): Loop {
  const over = new AbortController();
  const { signal } = over;
  const isOver = whenAborted(signal);
  const keepUnderWay = async (operation: Operation, connection: LoadConnection | undefined) => {
    while (!signal.aborted) {
      const sentAtMs = monotonicMs();
      record.due(sentAtMs);
      try {
        const outcome = await operation();
        record.answered(outcome, { intendedAtMs: sentAtMs, sentAtMs, endedAtMs: monotonicMs() });
      } catch (error) {
        record.failed(error, { intendedAtMs: sentAtMs, sentAtMs, endedAtMs: monotonicMs() });
        await delay(pauseAfterFailureMs, undefined, { signal }).catch(() => {});
        await Promise.race([connection?.usable(), isOver]);
      }
    }
  };
  let loops: readonly Promise<void>[] = [];
  return {
    // Its first operation is measured, too.
    leadMs: 0,
    async send(startAtMs) {
      loops = operations.flatMap((operation, index) =>
        Array.from({ length: depth }, () => keepUnderWay(operation, connections[index])),
      );
      const timeMs = startAtMs + warmUpMs + durationMs - monotonicMs();
      await delay(timeMs, undefined, { signal }).catch(() => {});
    },
    async stop() {
      over.abort();
      await Promise.all(loops);
    },
  };
}

/** Resolves when the signal is aborted. */
function whenAborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}

import type { StoreStep, Trace, TracedName } from '@tandem/chat';
import type { Status } from '@tandem/core';
import { PlainHistogram } from './plain-histogram.ts';

/**
 * The bounds of durations of operations, in seconds. An operation takes some hundredths of a
 * millisecond in memory, one sync of a disk when it is to be durable, and a thirtieth of a second for a
 * secret.
 */
export const durationBounds: readonly number[] = [
  0.00005, 0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5,
  5, 10,
];

/** An operation and what it came to. */
export interface OperationKind {
  readonly operation: TracedName;
  readonly status: Status;
}

// Status codes are bytes below 128. [P-3.2]
const statusesMax = 128;

// One in so many of the operations that clients do most often is timed.
const untimedMax = 16;
const frequent: ReadonlySet<TracedName> = new Set(['search', 'send', 'acknowledge']);

/** The operations of a kind: their times, and how many came since one was timed. */
interface Counted {
  readonly times: PlainHistogram;
  untimed: number;
  lastS: number | undefined;
}

/** The operations of a name. */
interface OfName {
  readonly byStatus: (Counted | undefined)[];
  readonly frequent: boolean;
  begun: number;
  lastS: number;
}

/**
 * Counts the operations of a transport, and their times, in plain numbers: whoever wants to see them
 * reads them then. There are as many kinds as operations and statuses, whatever clients send.
 *
 * Each operation is counted. Of the frequent ones one in 16 is timed, and its time counts for those of
 * its kind that came since the last that was: reading the clock costs more than counting.
 */
export class OperationMeter implements Trace {
  readonly #byName = new Map<TracedName, OfName>();

  times(operation: TracedName): boolean {
    const known = this.#of(operation);
    return !known.frequent || known.begun++ % untimedMax === 0;
  }

  tell(operation: TracedName, status: Status, ms: number | undefined): void {
    const known = this.#of(operation);
    let counted = known.byStatus[status];
    if (counted === undefined) {
      counted = { times: new PlainHistogram(durationBounds), untimed: 0, lastS: undefined };
      known.byStatus[status] = counted;
    }
    if (ms === undefined) {
      counted.untimed++;
      return;
    }
    const seconds = ms / 1_000;
    counted.times.record(seconds, counted.untimed + 1);
    counted.untimed = 0;
    counted.lastS = seconds;
    known.lastS = seconds;
  }

  /** The kinds of operations that there were, each with its times in seconds. */
  *[Symbol.iterator](): Generator<[OperationKind, PlainHistogram]> {
    for (const [operation, { byStatus, lastS }] of this.#byName) {
      for (const [status, counted] of byStatus.entries()) {
        if (counted === undefined) continue;
        if (counted.untimed > 0) counted.times.record(counted.lastS ?? lastS, counted.untimed);
        counted.untimed = 0;
        yield [{ operation, status: status as Status }, counted.times];
      }
    }
  }

  #of(operation: TracedName): OfName {
    const known = this.#byName.get(operation);
    if (known !== undefined) return known;
    const byStatus = Array<Counted | undefined>(statusesMax).fill(undefined);
    const added = { byStatus, frequent: frequent.has(operation), begun: 0, lastS: 0 };
    this.#byName.set(operation, added);
    return added;
  }
}

/** The times of what a store did, in seconds. */
export class StoreTimes implements Record<StoreStep, PlainHistogram> {
  readonly write = new PlainHistogram(durationBounds);
  readonly sync = new PlainHistogram(durationBounds);

  /** Counts a step. To be given to a store as its `onTime`. */
  readonly record = (step: StoreStep, ms: number): void => this[step].record(ms / 1_000);
}

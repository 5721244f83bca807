import type { TracedOperation } from '@tandem/chat';
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
  readonly operation: TracedOperation['operation'];
  readonly status: Status;
}

// Status codes are bytes below 128. [P-3.2]
const statusesMax = 128;

/**
 * Counts the operations of a transport, and their times, in plain numbers: whoever wants to see them
 * reads them then. There are as many kinds as operations and statuses, whatever clients send.
 */
export class OperationMeter {
  readonly #byOperation = new Map<TracedOperation['operation'], (PlainHistogram | undefined)[]>();

  /** Counts an operation. To be given to a server as its `trace`. */
  readonly record = ({ operation, status, ms }: TracedOperation): void => {
    let histograms = this.#byOperation.get(operation);
    if (histograms === undefined) {
      histograms = Array<PlainHistogram | undefined>(statusesMax).fill(undefined);
      this.#byOperation.set(operation, histograms);
    }
    let histogram = histograms[status];
    if (histogram === undefined) {
      histogram = new PlainHistogram(durationBounds);
      histograms[status] = histogram;
    }
    histogram.record(ms / 1_000);
  };

  /** The kinds of operations that there were, each with its times in seconds. */
  *[Symbol.iterator](): Generator<[OperationKind, PlainHistogram]> {
    for (const [operation, histograms] of this.#byOperation) {
      for (const [status, histogram] of histograms.entries()) {
        if (histogram !== undefined) yield [{ operation, status: status as Status }, histogram];
      }
    }
  }
}

import type { StoreStep } from '@tandem/chat';
import { durationBounds } from './operation-meter.ts';
import { PlainHistogram } from './plain-histogram.ts';

/** The times of what a store did, in seconds. */
export class StoreTimes implements Record<StoreStep, PlainHistogram> {
  readonly write = new PlainHistogram(durationBounds);
  readonly sync = new PlainHistogram(durationBounds);

  /** Counts a step. To be given to a store as its `onTime`. */
  readonly record = (step: StoreStep, ms: number): void => this[step].record(ms / 1_000);
}

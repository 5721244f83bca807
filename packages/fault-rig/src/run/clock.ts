import { setTimeout as sleep } from 'node:timers/promises';
import { monotonicMs } from '../history/event.ts';

/** Resolves at this moment of the monotonic clock, or earlier when `stopped` is aborted. */
export async function until(atMs: number, stopped: AbortSignal): Promise<void> {
  const waitMs = atMs - monotonicMs();
  if (waitMs <= 0 || stopped.aborted) return;
  await sleep(waitMs, undefined, { signal: stopped }).catch(() => {});
}

/** Runs each action at its moment, one after the other. Begins none after it is stopped. */
export async function timeline<Item extends { readonly atMs: number }>(
  items: readonly Item[],
  startedAtMs: number,
  stopped: AbortSignal,
  perform: (item: Item) => Promise<void> | void,
): Promise<void> {
  for (const item of items) {
    await until(startedAtMs + item.atMs, stopped);
    if (stopped.aborted) return;
    await perform(item);
  }
}

import { setTimeout as delay } from 'node:timers/promises';
import type { Place } from './place.ts';

// A slice takes some milliseconds, for which searches wait.
const rowsPerSlice = 1_000;

// The pause after a slice, in times of that slice: at first, and when there is no end of them. Otherwise clients that
// fill mailboxes and take them would make the table grow.
const pauseFactor = 9;
const hurriedPauseFactor = 1;
const hurryAfterMs = 60_000;

/**
 * Removes rows that are in no mailbox any more, slice by slice, until there are none. It takes a tenth of the time of
 * searches at most, and half of it after a minute. Rejects when the place is lost.
 */
export async function sweepLeftovers(place: Place): Promise<void> {
  const hurryAtMs = performance.now() + hurryAfterMs;
  for (let rows = rowsPerSlice; rows === rowsPerSlice && !place.isOver; ) {
    const beganMs = performance.now();
    const [swept] = await place.search<{ rows: number }>('sweep', sweepSql, [rowsPerSlice]);
    rows = swept?.rows ?? 0;
    const endMs = performance.now();
    const factor = endMs < hurryAtMs ? pauseFactor : hurriedPauseFactor;
    if (rows === rowsPerSlice) await delay(factor * (endMs - beganMs), undefined, { ref: false });
  }
}

const sweepSql = 'SELECT tandem.sweep($1) AS rows';

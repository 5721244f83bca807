import { describe, expect, it } from 'vitest';
import { LookRhythm } from './look-rhythm.ts';

/** The times at which it says to look, of ticks at these times. */
function looks(ticksMs: readonly number[]): number[] {
  const rhythm = new LookRhythm(0);
  return ticksMs.filter((nowMs) => rhythm.tick(nowMs));
}

describe('LookRhythm', () => {
  it('looks once a second while ticks come in time', () => {
    const ticks = Array.from({ length: 101 }, (_, i) => 20 * (i + 1));
    expect(looks(ticks)).toEqual([1_000, 2_000]);
  });

  it('looks at once after a tick that came late, and at most each 50 ms', () => {
    expect(looks([20, 40, 110, 150, 170, 190, 230])).toEqual([110, 230]);
  });
});

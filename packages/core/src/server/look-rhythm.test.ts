import { describe, expect, it } from 'vitest';
import { LookRhythm } from './look-rhythm.ts';

/** The times at which it says to look, of ticks each 20 ms with so much processor time between them. */
function looks(usedMs: (atMs: number) => number, lookMs = 0, untilMs = 2_000): number[] {
  const rhythm = new LookRhythm(0, 0);
  let cpuMs = 0;
  const times: number[] = [];
  for (let nowMs = 20; nowMs <= untilMs; nowMs += 20) {
    cpuMs += usedMs(nowMs);
    if (!rhythm.tick(nowMs, cpuMs)) continue;
    times.push(nowMs);
    rhythm.looked(nowMs + lookMs);
  }
  return times;
}

describe('LookRhythm', () => {
  it('looks once a second while the event loop has time', () => {
    expect(looks(() => 10)).toEqual([1_000, 2_000]);
  });

  it('looks at each tick while it has none, though no tick comes late', () => {
    expect(looks((atMs) => (atMs > 100 && atMs <= 160 ? 19 : 2))).toEqual([120, 140, 160, 1_160]);
  });

  it('looks at once after a tick that came late', () => {
    const rhythm = new LookRhythm(0, 0);
    expect([20, 40, 75, 95].map((nowMs) => rhythm.tick(nowMs, 0))).toEqual([
      ...[false, false],
      ...[true, false],
    ]);
  });

  it('spends a tenth of that time on looks', () => {
    expect(looks(() => 20, 5, 200)).toEqual([20, 80, 140, 200]);
    expect(looks(() => 20, 300, 2_000)).toEqual([20, 1_020]);
  });

  it('tells how much processor time there was', () => {
    const rhythm = new LookRhythm(0, 100);
    rhythm.tick(50, 140);
    expect([rhythm.usedMs, rhythm.busy]).toEqual([40, true]);
    rhythm.tick(70, 150);
    expect([rhythm.usedMs, rhythm.busy]).toEqual([10, false]);
  });
});

import { describe, expect, it } from 'vitest';
import { drawn } from '../../../test/noise.ts';
import { ascending, median, quantile } from '../order.ts';
import { normal, type Random, seededRandom } from '../random.ts';
import { defaultSteadinessRule, steadiness, steadinessRule } from './steadiness.ts';

type Series = (window: number, random: Random) => number;

const level = Array.from({ length: 24 }, () => 100);
const withWindows = (changes: Readonly<Record<number, number>>) =>
  level.map((value, window) => changes[window] ?? value);

describe('steadiness', () => {
  it('accepts what does not change, and says from where on', () => {
    expect(steadiness(level)).toEqual({
      steady: true,
      at: 12,
      reason: 'steady from window 13 on',
    });
  });

  it('looks at the end alone: what was before is warm-up', () => {
    expect(steadiness([900, 500, 300, ...level])).toMatchObject({ steady: true, at: 15 });
  });

  it('waits for enough windows', () => {
    expect(steadiness(level.slice(1))).toEqual({
      steady: false,
      at: undefined,
      reason: 'too few windows: 23, and it takes 24',
    });
  });

  it('forgives one stray window, but not two, and none at the end', () => {
    expect(steadiness(withWindows({ 15: 200 })).steady).toBe(true);
    expect(steadiness(withWindows({ 15: 200, 18: 200 })).reason).toBe(
      '2 of the last 12 windows are over 10 % from their median',
    );
    for (const window of [22, 23]) {
      expect(steadiness(withWindows({ [window]: 200 })).reason).toBe(
        'the end is over 10 % from the median',
      );
    }
  });

  it('does not let a stray window hide a drift', () => {
    const series = level.map((value, window) => value * (1 - 0.003 * Math.max(0, window - 12)));
    expect(steadiness(series).steady).toBe(false);
    expect(steadiness(series.with(16, 200)).reason).toMatch(/^it drifts: von Neumann's ratio is 0/);
  });

  it('does not mind a drift that is negligible', () => {
    const drift = (size: number) =>
      level.map((value, window) => value * (1 + (size * window) / 24));
    expect(steadiness(drift(0.03)).steady).toBe(true);
    expect(steadiness(drift(0.05)).reason).toMatch(/^it drifts/);
  });

  it('refuses windows without a median', () => {
    expect(steadiness(withWindows({ 15: Number.NaN, 16: Number.NaN })).steady).toBe(false);
    expect(steadiness(withWindows({ 23: Number.NaN })).steady).toBe(false);
    expect(steadiness(withWindows({ 3: Number.NaN })).steady).toBe(true);
    expect(steadiness(level.map(() => Number.NaN)).steady).toBe(false);
    expect(steadiness(level.map(() => 0)).steady).toBe(false);
  });

  it('says how far the level has moved', () => {
    const series = level.map((value, window) => (window < 12 ? value : value * 0.95));
    expect(steadiness(series).reason).toBe('the last 12 windows are 5 % below the 12 before');
    expect(steadiness(series.toReversed()).reason).toBe(
      'the last 12 windows are 5.3 % above the 12 before',
    );
  });

  it('says how much wider a series swings', () => {
    const series = level.map((value, window) => value + (window % 2) * (window < 18 ? 0.5 : 8));
    expect(steadiness(series).reason).toBe('it swings 16.0 times as far as it did');
  });

  it('goes by the rule that it is given', () => {
    const noisy = level.map((value, window) => value + 20 * (window % 2));
    expect(steadiness(noisy).steady).toBe(true);
    expect(steadiness(noisy, { ...defaultSteadinessRule, band: 0.05 }).steady).toBe(false);
    const short = { ...defaultSteadinessRule, windows: 8 };
    expect(steadiness(level.slice(8), short)).toMatchObject({ steady: true, at: 8 });
  });
});

describe('ordinary noise', () => {
  it.each([
    ['1 %', 0.01, 0, 0.02],
    ['2 %', 0.02, 0, 0.02],
    ['3 %', 0.03, 0, 0.06],
    ['1 %, and one window in 50 up to half slower', 0.01, 0.02, 0.07],
  ])('of %s is seldom taken for unsteady', (_, deviation, strayShare, share) => {
    const refused = refusals((_window, random) => {
      const stray = random() < strayShare ? 0.5 * random() : 0;
      return 1 + deviation * normal(random) + stray;
    });
    expect(refused).toBeLessThan(share);
  });
});

describe('what is not steady', () => {
  const noise = (random: Random) => 1 + 0.01 * normal(random);

  it.each([0.005, 0.01, 0.02, 0.05])('a fall of %d in each window is refused', (fall) => {
    expect(refusals((window, random) => (1 - fall) ** window * noise(random))).toBeGreaterThan(
      0.99,
    );
    expect(refusals((window, random) => (1 + fall) ** window * noise(random))).toBeGreaterThan(
      0.99,
    );
  });

  // The step comes before the last so many windows: all of them, and the two before, are warm again
  // only when the windows that are compared with are behind the step too.
  it.each([1, 2, 3, 6, 9, 12, 15])(
    'a step by a fifth before the last %i windows is refused',
    (ago) => {
      for (const factor of [1.2, 1 / 1.2]) {
        const series: Series = (window, random) => (window < 40 - ago ? 1 : factor) * noise(random);
        expect(refusals(series)).toBeGreaterThan(0.99);
      }
    },
  );

  it.each([2, 3, 4, 6, 8, 12])('a swing that grows, of period %i, is refused', (period) => {
    const series: Series = (window, random) =>
      noise(random) + 0.008 * window * Math.sin((2 * Math.PI * (window + 0.5)) / period);
    expect(refusals(series)).toBeGreaterThan(0.99);
  });

  it.each([8, 12, 24])('a slow swing within the band, of period %i, is refused', (period) => {
    const series: Series = (window, random) =>
      noise(random) + 0.05 * Math.sin((2 * Math.PI * window) / period);
    expect(refusals(series)).toBeGreaterThan(0.95);
  });
});

describe('an exponential warm-up, asked after each window', () => {
  it.each([
    [5, 0.001, 0.002],
    [10, 0.01, 0.015],
    [20, 0.035, 0.05],
    [40, 0.11, 0.16],
  ])('with a time constant of %i windows is over but for little', (constant, typical, most) => {
    const random = seededRandom(constant);
    const left = drawn(300, () => {
      const series: number[] = [];
      do {
        const excess = Math.exp(-series.length / constant);
        series.push((1 + excess) * (1 + 0.02 * normal(random)));
      } while (!steadiness(series).steady);
      return Math.exp(-(series.length - 1) / constant);
    });
    expect(median(left)).toBeLessThan(typical);
    expect(quantile(ascending(left), 0.95)).toBeLessThan(most);
  });
});

describe('steadinessRule', () => {
  it('says the rule with its figures', () => {
    expect(steadinessRule).toBe(
      'A run is steady when, of its last 12 windows, at most 1 has a median farther than 10 % from ' +
        'the median of all 12, and none of the last two has; when that median is within 3 % of the ' +
        'median of the 12 windows before; and when, unless all are within 1 %, they do not drift (von ' +
        "Neumann's ratio is at least 0.8; noise alone has 2) and their second half does not swing over " +
        '4 times as far as their first.',
    );
  });
});

/** The part of simulated series of 40 windows that are refused. */
function refusals(series: Series): number {
  const random = seededRandom(1);
  const all = drawn(2_000, () => {
    const windows = Array.from({ length: 40 }, (_, window) => series(window, random));
    return steadiness(windows).steady ? 0 : 1;
  });
  return all.reduce<number>((sum, each) => sum + each, 0) / all.length;
}

import { describe, expect, it } from 'vitest';
import { drawn, normal } from './noise.ts';
import { seededRandom } from './random.ts';
import { type Point, slope, slopePointsMax } from './slope.ts';

const line = (count: number, y: (x: number) => number): Point[] =>
  Array.from({ length: count }, (_, x) => ({ x, y: y(x) }));

describe('slope', () => {
  it('of a line is its own', () => {
    expect(slope(line(10, (x) => 100 + 3 * x))).toEqual({
      perX: 3,
      atZero: 100,
      interval: { low: 3, high: 3 },
    });
  });

  it('is not moved by a few wild points', () => {
    const points = line(20, (x) => 100 + 3 * x + (x % 7 === 0 ? 10_000 : 0));
    expect(slope(points)?.perX).toBe(3);
    expect(slope(points)?.atZero).toBe(100);
  });

  it('stands more than one figure at the same place', () => {
    const points = [1, 1, 1, 10, 10, 10].map((x, index) => ({ x, y: 2 * x + (index % 3) }));
    expect(slope(points)?.perX).toBe(2);
  });

  it('between two places has the interval of the differences between their figures', () => {
    // Mann and Whitney: of two times four, one lies wholly above the other by chance in 2 of 70 cases.
    const points = [0, 1, 2, 4].flatMap((y) => [
      { x: 0, y },
      { x: 1, y: 10 * y },
    ]);
    expect(slope(points)?.interval).toEqual({ low: -4, high: 40 });
  });

  it('has no interval where too few points leave none, and is none without two places', () => {
    expect(slope(line(4, (x) => x))).toEqual({ perX: 1, atZero: 0, interval: undefined });
    expect(slope(line(5, (x) => x))?.interval).toEqual({ low: 1, high: 1 });
    expect(slope(line(1, (x) => x))).toBeUndefined();
    expect(slope([])).toBeUndefined();
    expect(slope([1, 2, 3].map((y) => ({ x: 5, y })))).toBeUndefined();
  });

  it('of more points than it pairs is found from points all along', () => {
    const points = line(5 * slopePointsMax, (x) => (x < 3 * slopePointsMax ? 2 * x : 0));
    const all = slope(line(5 * slopePointsMax, (x) => 2 * x));
    expect(all).toEqual({ perX: 2, atZero: 0, interval: { low: 2, high: 2 } });
    expect(slope(points)?.interval?.low).toBeLessThan(2);
  });

  it.each([
    [5, 0.96, 1],
    [8, 0.94, 0.98],
    [30, 0.94, 0.97],
  ])('of %i points has an interval that holds it often enough', (count, least, most) => {
    const random = seededRandom(count);
    const held = drawn(2_000, () => {
      const found = slope(line(count, (x) => 3 * x + normal(random)))?.interval;
      return found !== undefined && found.low <= 3 && 3 <= found.high ? 1 : 0;
    });
    const share = held.reduce<number>((sum, each) => sum + each, 0) / held.length;
    expect(share).toBeGreaterThan(least);
    expect(share).toBeLessThanOrEqual(most);
  });
});

import { describe, expect, test } from 'vitest';
import { Random } from '../random.ts';
import { type Point, pointsMin, trendOf } from './flatness.ts';

const allowance = { absolute: 5, relative: 0.05 };
const minuteMs = 60_000;

function points(count: number, value: (i: number) => number): Point[] {
  return Array.from({ length: count }, (_, i) => ({ atMs: i * minuteMs, value: value(i) }));
}

describe('a trend', () => {
  test('is flat when nothing changes', () => {
    const trend = trendOf(
      points(20, () => 38),
      allowance,
    );
    expect(trend).toMatchObject({ flat: true, perHour: 0, perHourAtLeast: 0, first: 38, last: 38 });
  });

  test('is not flat when something grows steadily, and has its slope', () => {
    const trend = trendOf(
      points(20, (i) => 38 + i),
      allowance,
    );
    expect(trend.flat).toBe(false);
    expect(trend.perHour).toBeCloseTo(60);
    expect(trend.perHourAtLeast).toBeCloseTo(60);
  });

  test('is flat when it grew only in the warm-up', () => {
    expect(
      trendOf(
        points(40, (i) => Math.min(i, 10) * 1_000),
        allowance,
      ).flat,
    ).toBe(true);
  });

  test('is flat when the growth is within the allowance', () => {
    expect(
      trendOf(
        points(20, (i) => i / 4),
        allowance,
      ).flat,
    ).toBe(true);
    expect(
      trendOf(
        points(20, (i) => 1_000 + i),
        allowance,
      ).flat,
    ).toBe(true);
    expect(
      trendOf(
        points(20, (i) => 1_000 + 10 * i),
        allowance,
      ).flat,
    ).toBe(false);
  });

  test('does not change by an outlier', () => {
    expect(
      trendOf(
        points(20, (i) => (i === 19 ? 10_000 : 38)),
        allowance,
      ).flat,
    ).toBe(true);
  });

  test('sees a leak through noise, and rarely sees one in noise alone', () => {
    const random = new Random('noise');
    const noisy = (growth: number) =>
      trendOf(
        points(40, (i) => 1_000 + growth * i + 100 * random.fraction()),
        allowance,
      ).flat;
    const verdicts = (growth: number) => Array.from({ length: 200 }, () => noisy(growth));
    expect(verdicts(10).filter((flat) => flat === false).length).toBeGreaterThan(190);
    expect(verdicts(0).filter((flat) => flat === false).length).toBe(0);
  });

  test('is unknown with too few points', () => {
    expect(trendOf([], allowance)).toMatchObject({ points: 0, flat: undefined });
    expect(
      trendOf(
        points(pointsMin - 1, (i) => i * 100),
        allowance,
      ).flat,
    ).toBe(undefined);
    expect(
      trendOf(
        points(pointsMin + 2, (i) => i * 100),
        allowance,
      ).flat,
    ).toBe(false);
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Axis, rangeOf, type Shown } from './axis.ts';

const axisOf = (scale: Axis['scale'], more: Partial<Axis> = {}): Axis => ({
  title: '',
  scale,
  format: String,
  ...more,
});
const plain = (value: number): Shown => ({ value, before: 0, after: 0 });

const shown = fc.record({
  value: fc.double({ min: 1e-3, max: 1e9, noNaN: true }),
  before: fc.constantFrom(0, 0.1, 0.3),
  after: fc.constantFrom(0, 0.1, 0.5),
});

describe.each(['linear', 'log'] as const)('a %s axis', (scale) => {
  const position = (value: number, min: number, max: number) =>
    scale === 'log' ? Math.log(value / min) / Math.log(max / min) : (value - min) / (max - min);

  it('holds every value', () => {
    fc.assert(
      fc.property(fc.array(shown, { minLength: 1, maxLength: 20 }), (values) => {
        const { min, max } = rangeOf(axisOf(scale), values, 8);
        for (const { value } of values) {
          expect(position(value, min, max)).toBeGreaterThanOrEqual(-1e-9);
          expect(position(value, min, max)).toBeLessThanOrEqual(1 + 1e-9);
        }
      }),
    );
  });

  it('keeps free what is asked for behind each value', () => {
    fc.assert(
      fc.property(fc.array(shown, { minLength: 1, maxLength: 20 }), (values) => {
        const after = values.map((one) => ({ ...one, before: 0 }));
        const { min, max } = rangeOf(axisOf(scale), after, 8);
        for (const { value, after: room } of after) {
          expect(1 - position(value, min, max)).toBeGreaterThanOrEqual(room - 1e-6);
        }
      }),
    );
  });

  it('names few values, in order, all of them on the axis', () => {
    fc.assert(
      fc.property(
        fc.array(shown, { minLength: 1, maxLength: 20 }),
        fc.integer({ min: 3, max: 12 }),
        (values, most) => {
          const { min, max, ticks } = rangeOf(axisOf(scale), values, most);
          expect(ticks.length).toBeLessThanOrEqual(most + 1);
          expect(ticks).toEqual([...new Set(ticks)].sort((a, b) => a - b));
          for (const tick of ticks) {
            expect(tick).toBeGreaterThanOrEqual(min - Math.abs(min) * 1e-3);
            expect(tick).toBeLessThanOrEqual(max * (1 + 1e-9));
          }
        },
      ),
    );
  });

  it('shows an axis where there is no value', () => {
    const { min, max } = rangeOf(axisOf(scale), [], 8);
    expect(max).toBeGreaterThan(min);
  });
});

describe('where an axis begins', () => {
  it('is 0 for lengths of bars, so that twice as much is twice as long', () => {
    expect(rangeOf(axisOf('linear'), [plain(40), plain(50)], 5).min).toBe(0);
  });

  it('is below 0 where a part is', () => {
    expect(rangeOf(axisOf('linear'), [plain(-4), plain(50)], 5).min).toBe(-4);
  });

  it('is a round value below the smallest on a logarithmic scale, which has no 0', () => {
    expect(rangeOf(axisOf('log'), [plain(26), plain(0), plain(400)], 8).min).toBeCloseTo(20);
  });

  it('leaves room in front of the smallest for what is written there', () => {
    const { min, max } = rangeOf(
      axisOf('log'),
      [{ value: 26, before: 0.3, after: 0 }, plain(400)],
      8,
    );
    expect(Math.log(26 / min) / Math.log(max / min)).toBeGreaterThanOrEqual(0.3 - 1e-3);
  });
});

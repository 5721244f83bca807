import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ascending, median } from '../order.ts';
import { type Atom, bootstrapOfMedian, bootstrapValuesMax } from './median-bootstrap.ts';

describe('bootstrapOfMedian', () => {
  it.each([1, 2, 3, 4, 5, 6])('agrees with all resamples of %i values', (n) => {
    const sorted = [1, 2, 4, 8, 16, 32].slice(0, n);
    const counted = countedResamples(sorted);
    const found = probabilities(bootstrapOfMedian(sorted));
    expect([...found.keys()].sort()).toEqual([...counted.keys()].sort());
    for (const [value, probability] of counted) {
      expect(found.get(value)).toBeCloseTo(probability, 10);
    }
  });

  it('is in ascending order, and its probabilities add up to 1, for any values', () => {
    const values = fc.array(fc.double({ noNaN: true, min: -1e6, max: 1e6 }), {
      minLength: 1,
      maxLength: 60,
      size: 'max',
    });
    fc.assert(
      fc.property(values, (values) => {
        const atoms = bootstrapOfMedian(ascending(values));
        const falls = atoms.filter(({ value }, i) => value < (atoms[i - 1]?.value ?? value));
        expect(falls).toEqual([]);
        expect(sum(atoms)).toBeCloseTo(1, 9);
        expect(atoms.every(({ probability }) => probability >= 0)).toBe(true);
      }),
    );
  });

  it.each([bootstrapValuesMax - 1, bootstrapValuesMax])('stands %i values', (n) => {
    expect(sum(bootstrapOfMedian(Array.from({ length: n }, (_, i) => i)))).toBeCloseTo(1, 9);
  });

  it('refuses no values, and more than it can count', () => {
    expect(() => bootstrapOfMedian([])).toThrow('a bootstrap takes 1 to 1000 values, not 0');
    expect(() => bootstrapOfMedian(Array(bootstrapValuesMax + 1).fill(1))).toThrow(RangeError);
  });
});

/** The medians of all resamples there are, each as probable as any other. */
function countedResamples(values: readonly number[]): Map<number, number> {
  const n = values.length;
  const counted = new Map<number, number>();
  for (let resample = 0; resample < n ** n; resample++) {
    const draws = values.map((_, place) => values[Math.floor(resample / n ** place) % n] as number);
    counted.set(median(draws), (counted.get(median(draws)) ?? 0) + 1 / n ** n);
  }
  return counted;
}

function probabilities(atoms: readonly Atom[]): Map<number, number> {
  const together = new Map<number, number>();
  for (const { value, probability } of atoms) {
    together.set(value, (together.get(value) ?? 0) + probability);
  }
  return together;
}

function sum(atoms: readonly Atom[]): number {
  return atoms.reduce((total, { probability }) => total + probability, 0);
}

import { describe, expect, it } from 'vitest';
import { normalBelow, studentReach } from './student.ts';

describe('studentReach', () => {
  // From the usual printed table.
  it.each([
    [0.95, 1, 12.706],
    [0.95, 2, 4.303],
    [0.95, 5, 2.571],
    [0.95, 9, 2.262],
    [0.95, 10, 2.228],
    [0.95, 30, 2.042],
    [0.99, 5, 4.032],
    [0.99, 6, 3.707],
    [0.9, 4, 2.132],
  ])('holds %d with %i degrees of freedom within %d', (within, freedom, expected) => {
    expect(studentReach(within, freedom)).toBeCloseTo(expected, 3);
  });
});

describe('normalBelow', () => {
  it.each([
    [-3, 0.0013499],
    [-1.959964, 0.025],
    [0, 0.5],
    [1, 0.8413447],
    [2.575829, 0.995],
  ])('below %d lies %d', (z, expected) => {
    expect(normalBelow(z)).toBeCloseTo(expected, 6);
  });
});

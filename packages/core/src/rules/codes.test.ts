import { expect, it } from 'vitest';
import { Operation, Status } from './codes.ts';

it('gives every operation a byte of its own, and 7 to none', () => {
  expect(Object.values(Operation)).toEqual([1, 2, 3, 4, 5, 6, 8, 9, 10, 11, 12, 13, 14]);
});

it('gives every status a byte of its own, below the version bytes', () => {
  const bytes = Object.values(Status);
  expect(bytes).toEqual([
    1, 2, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 24, 25, 26, 27, 28, 32, 40, 48, 56, 64, 65,
    72, 73, 74, 80, 116, 117, 118, 119, 120, 121, 122, 123, 124, 126, 127,
  ]);
});

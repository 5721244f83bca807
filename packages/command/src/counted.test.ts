import { expect, it } from 'vitest';
import { counted } from './counted.ts';

it.each([
  [0, '0 messages'],
  [1, '1 message'],
  [2, '2 messages'],
])('counts %d as %s', (count, text) => {
  expect(counted(count, 'message')).toBe(text);
});

import { expect, test } from 'vitest';
import { Random } from './random.ts';

const draws = (random: Random) => Array.from({ length: 8 }, () => random.integer(0, 1e9));

test('gives the same numbers only for the same seed', () => {
  expect(draws(new Random('1'))).toEqual(draws(new Random('1')));
  expect(draws(new Random('1'))).not.toEqual(draws(new Random('2')));
});

test('makes forks that do not depend on earlier draws', () => {
  const random = new Random('1');
  const before = draws(random.fork('a'));
  random.fraction();
  expect(draws(random.fork('a'))).toEqual(before);
  expect(draws(random.fork('b'))).not.toEqual(before);
});

test('draws evenly, with both ends of a range', () => {
  const random = new Random('even');
  const counts = [0, 0, 0, 0];
  for (let i = 0; i < 40_000; i++) {
    const number = random.integer(0, 3);
    counts[number] = (counts[number] as number) + 1;
  }
  // Five standard deviations of a binomial distribution.
  for (const count of counts) expect(Math.abs(count - 10_000)).toBeLessThan(433);
});

test('draws waiting times with the wanted mean', () => {
  const random = new Random('mean');
  let sum = 0;
  for (let i = 0; i < 20_000; i++) sum += random.exponential(50);
  expect(sum / 20_000).toBeGreaterThan(48);
  expect(sum / 20_000).toBeLessThan(52);
});

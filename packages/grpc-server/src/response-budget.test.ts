import { expect, it } from 'vitest';
import { ResponseBudget } from './response-budget.ts';

it('has room up to its last byte, and none beyond', () => {
  const budget = new ResponseBudget(10);
  expect(budget.reserve(10)).toBeDefined();
  expect(budget.reserve(1)).toBeUndefined();
  expect(budget.reserve(0)).toBeDefined();
});

it('takes back what is released, once', () => {
  const budget = new ResponseBudget(10);
  const release = budget.reserve(6);
  budget.reserve(4);
  release?.();
  release?.();
  expect(budget.reserve(7)).toBeUndefined();
  expect(budget.reserve(6)).toBeDefined();
});

it('keeps nothing for what it refused', () => {
  const budget = new ResponseBudget(10);
  expect(budget.reserve(11)).toBeUndefined();
  expect(budget.reserve(10)).toBeDefined();
});

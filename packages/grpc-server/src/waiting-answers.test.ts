import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { ResponseBudget } from './response-budget.ts';
import { WaitingAnswers } from './waiting-answers.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

function waitingAnswers(budget = new ResponseBudget(100)) {
  const onStuck = vi.fn();
  const answers = new WaitingAnswers({ budget, bytesMax: 50, drainTimeoutMs: 1_000, onStuck });
  return { answers, onStuck };
}

it('refuses what does not fit into the share of its connection', () => {
  const { answers } = waitingAnswers();
  const release = answers.hold(30);
  expect(answers.hold(21)).toBeUndefined();
  expect(answers.hold(20)).toBeDefined();
  release?.();
  expect(answers.hold(30)).toBeDefined();
});

it('refuses what does not fit into what all connections share', () => {
  const budget = new ResponseBudget(60);
  waitingAnswers(budget).answers.hold(50);
  const { answers } = waitingAnswers(budget);
  expect(answers.hold(20)).toBeUndefined();
  expect(answers.hold(10)).toBeDefined();
});

it('is stuck when none has left for too long', () => {
  const { answers, onStuck } = waitingAnswers();
  const release = answers.hold(1);
  answers.hold(1);
  vi.advanceTimersByTime(999);
  release?.();
  vi.advanceTimersByTime(999);
  expect(onStuck).not.toHaveBeenCalled();
  vi.advanceTimersByTime(1);
  expect(onStuck).toHaveBeenCalledOnce();
});

it('is never stuck when all have left, and counts each once', () => {
  const { answers, onStuck } = waitingAnswers();
  const release = answers.hold(50);
  release?.();
  release?.();
  vi.advanceTimersByTime(10_000);
  expect(onStuck).not.toHaveBeenCalled();
  expect(answers.hold(50)).toBeDefined();
  expect(answers.hold(1)).toBeUndefined();
});

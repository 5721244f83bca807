import { MemoryBudget } from '@tandem/core';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { WaitingAnswers } from './pending-responses.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

// One connection may hold 50 bytes of it.
function waitingAnswers(budget = new MemoryBudget(400)) {
  const onStuck = vi.fn();
  const account = budget.open('192.0.2.7', () => {});
  return { answers: new WaitingAnswers({ account, drainTimeoutMs: 1_000, onStuck }), onStuck };
}

it('refuses what its connection may not hold', () => {
  const { answers } = waitingAnswers();
  const release = answers.hold(30);
  expect(answers.hold(21)).toBeUndefined();
  expect(answers.hold(20)).toBeDefined();
  release?.();
  expect(answers.hold(30)).toBeDefined();
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

import { MemoryBudget } from '@tandem/core/server';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { PendingResponses } from './pending-responses.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

// One connection may hold 50 bytes of it.
function pendingResponses(budget = new MemoryBudget(400)) {
  const onStuck = vi.fn();
  const account = budget.open('192.0.2.7');
  return { responses: new PendingResponses({ account, drainTimeoutMs: 1_000, onStuck }), onStuck };
}

it('refuses what its connection may not hold', () => {
  const { responses } = pendingResponses();
  const release = responses.hold(30);
  expect(responses.hold(21)).toBeUndefined();
  expect(responses.hold(20)).toBeDefined();
  release?.();
  expect(responses.hold(30)).toBeDefined();
});

it('is stuck when none has left for too long', () => {
  const { responses, onStuck } = pendingResponses();
  const release = responses.hold(1);
  responses.hold(1);
  vi.advanceTimersByTime(999);
  release?.();
  vi.advanceTimersByTime(999);
  expect(onStuck).not.toHaveBeenCalled();
  vi.advanceTimersByTime(1);
  expect(onStuck).toHaveBeenCalledOnce();
});

it('is not stuck while parts leave', () => {
  const { responses, onStuck } = pendingResponses();
  responses.hold(1);
  for (let i = 0; i < 10; i++) {
    vi.advanceTimersByTime(999);
    responses.took();
  }
  expect(onStuck).not.toHaveBeenCalled();
  vi.advanceTimersByTime(1_000);
  expect(onStuck).toHaveBeenCalledOnce();
});

it('is never stuck when all have left, and counts each once', () => {
  const { responses, onStuck } = pendingResponses();
  const release = responses.hold(50);
  release?.();
  release?.();
  vi.advanceTimersByTime(10_000);
  expect(onStuck).not.toHaveBeenCalled();
  expect(responses.hold(50)).toBeDefined();
  expect(responses.hold(1)).toBeUndefined();
});

import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { ResponseTimer } from './response-timer.ts';

describe('a response timer of 1,000 ms', () => {
  let owed = true;
  const onTimeout = vi.fn();
  const timer = new ResponseTimer(1_000, () => owed, onTimeout);

  beforeEach(() => {
    vi.useFakeTimers();
    owed = true;
    onTimeout.mockClear();
  });

  afterEach(() => {
    timer.stop();
    vi.useRealTimers();
  });

  test('fires when nothing was heard for so long', () => {
    timer.start();
    vi.advanceTimersByTime(999);
    expect(onTimeout).not.toHaveBeenCalled();
    vi.advanceTimersByTime(1);
    expect(onTimeout).toHaveBeenCalledOnce();
  });

  test('waits on when something was heard', () => {
    timer.start();
    vi.advanceTimersByTime(600);
    timer.heard();
    vi.advanceTimersByTime(999);
    expect(onTimeout).not.toHaveBeenCalled();
    vi.advanceTimersByTime(1);
    expect(onTimeout).toHaveBeenCalledOnce();
  });

  test('counts from the request, not from one before it', () => {
    timer.start();
    vi.advanceTimersByTime(600);
    timer.start();
    vi.advanceTimersByTime(999);
    expect(onTimeout).not.toHaveBeenCalled();
  });

  test('is silent, and leaves no timer behind, when nothing is owed', () => {
    timer.start();
    owed = false;
    vi.advanceTimersByTime(1_000);
    expect(onTimeout).not.toHaveBeenCalled();
    expect(vi.getTimerCount()).toBe(0);
  });
});

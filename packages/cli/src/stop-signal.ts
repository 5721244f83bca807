import type { EventEmitter } from 'node:events';
import { constants } from 'node:os';

const stopSignals = ['SIGINT', 'SIGTERM'] as const;

/** A signal that asks the process to stop. */
export type StopSignal = (typeof stopSignals)[number];

/**
 * Resolves with the first SIGINT or SIGTERM. From then on, another one calls `onSecond` with the
 * exit code that is usual for it: 128 and the signal's number.
 */
export function stopSignal(
  signals: EventEmitter,
  onSecond: (exitCode: number) => void,
): Promise<StopSignal> {
  return new Promise((resolve) => {
    let first = true;
    for (const signal of stopSignals) {
      signals.on(signal, () => {
        if (!first) onSecond(signalExitCode(signal));
        first = false;
        resolve(signal);
      });
    }
  });
}

/**
 * An abort controller that the first SIGINT or SIGTERM aborts, with the signal as its reason. Another
 * one calls `onSecond`, see {@link stopSignal}.
 */
export function stopController(
  signals: EventEmitter,
  onSecond: (exitCode: number) => void,
): AbortController {
  const controller = new AbortController();
  void stopSignal(signals, onSecond).then((signal) => controller.abort(signal));
  return controller;
}

/** The exit code that is usual for an end by this signal: 128 and its number. */
export function signalExitCode(signal: StopSignal): number {
  return 128 + constants.signals[signal];
}

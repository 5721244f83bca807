import type { EventEmitter } from 'node:events';
import type { Logger } from 'pino';

const quietMs = 10_000;

/**
 * Sends what Node.js warns of to the log and not to standard error beside it: each kind at once, and
 * then at most every ten seconds, with how often it came. Who has told Node.js not to warn
 * (`NODE_NO_WARNINGS`) is not warned.
 *
 * @param runtime the process, whose own listener is replaced
 * @param now milliseconds that ascend
 */
export function logWarnings(
  runtime: EventEmitter,
  logger: Logger,
  now = () => performance.now(),
): void {
  if (runtime.listenerCount('warning') === 0) return;
  const kinds = new Map<string, { quietUntil: number; times: number }>();
  runtime.removeAllListeners('warning');
  runtime.on('warning', (warning: Error & { readonly code?: string }) => {
    const kind = warning.code ?? warning.name;
    const state = kinds.get(kind) ?? { quietUntil: Number.NEGATIVE_INFINITY, times: 0 };
    kinds.set(kind, state);
    state.times++;
    if (now() < state.quietUntil) return;
    logger.warn({ err: warning, times: state.times }, 'Node.js warns');
    state.times = 0;
    state.quietUntil = now() + quietMs;
  });
}

/**
 * Ends the process when an error reaches nobody who could handle it, with one line that says so. Nothing
 * is closed: what such an error leaves behind in memory is not known, and what was answered is on the
 * disk. The next start checks the data as after a crash.
 *
 * @param end ends the process
 */
export function logFaults(runtime: EventEmitter, logger: Logger, end: () => void): void {
  runtime.on('uncaughtException', (error: unknown) => {
    logger.fatal({ err: error }, 'the server has a fault, and ends');
    end();
  });
}

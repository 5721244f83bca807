import type { EventEmitter } from 'node:events';
import { Tally } from '@tandem/core/server';
import type { Logger } from 'pino';

/**
 * Sends what Node.js warns of to the log and not to standard error beside it: each kind at once, and
 * then at most every ten seconds, with how often it came. Who has told Node.js not to warn
 * (`NODE_NO_WARNINGS`) is not warned.
 *
 * @param runtime the process, whose own listener is replaced
 */
export function logWarnings(runtime: EventEmitter, logger: Logger): void {
  if (runtime.listenerCount('warning') === 0) return;
  const kinds = new Map<string, Tally<'times', Error>>();
  runtime.removeAllListeners('warning');
  runtime.on('warning', (warning: Error & { readonly code?: string }) => {
    const kind = warning.code ?? warning.name;
    const tally =
      kinds.get(kind) ??
      new Tally((counts, err) => logger.warn({ err, ...counts }, 'Node.js warns'));
    kinds.set(kind, tally);
    tally.add('times', warning);
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

import { execFile } from 'node:child_process';
import type { Logger } from 'pino';

/** The events that a supervisor is told of. */
export type SupervisorNotice = 'ready' | 'stopping';

// As systemd 252 of Debian 12 takes them, too, which has no option for the second. [sd_notify(3)]
const states = { ready: 'READY=1', stopping: 'STOPPING=1' } as const;

// A supervisor that takes longer does not delay the stop of the server.
const tellTimeoutMs = 5_000;

/**
 * Tells systemd, where it waits to be told. Node.js has no datagram sockets of that kind, so a program of
 * systemd does it, which needs `NotifyAccess=all` in the unit. Resolves when it has; a failure is only
 * logged.
 */
export function tellSupervisor(notice: SupervisorNotice, logger: Logger): Promise<void> {
  if (process.env.NOTIFY_SOCKET === undefined) return Promise.resolve();
  return new Promise((resolve) => {
    execFile('systemd-notify', [states[notice]], { timeout: tellTimeoutMs }, (error) => {
      if (error !== null) logger.warn({ err: error }, 'the supervisor could not be notified');
      resolve();
    });
  });
}

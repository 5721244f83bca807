import { execFile } from 'node:child_process';
import type { Logger } from 'pino';

/** What a supervisor is told of. */
export type SupervisorNotice = 'ready' | 'stopping';

/**
 * Tells systemd, where it waits to be told. Node.js has no datagram sockets of that kind, so a program of
 * systemd does it, which needs `NotifyAccess=all` in the unit. A failure is only logged.
 */
export function tellSupervisor(notice: SupervisorNotice, logger: Logger): void {
  if (process.env.NOTIFY_SOCKET === undefined) return;
  execFile('systemd-notify', [`--${notice}`], (error) => {
    if (error !== null) logger.warn({ err: error }, 'the supervisor could not be told');
  });
}

import { usageExitCode } from '@tandem/command';
import { printable } from './terminal/printable.ts';

/** The exit codes of commands that are not 0, nor 128 and a signal. */
export const exitCode = {
  /** The command cannot do what was asked for; standard error says why. */
  refused: 1,
  /** The command line, a variable or a file of settings is wrong; nothing was begun. */
  usage: usageExitCode,
  /** The server has a fault of its own: EX_SOFTWARE of sysexits.h. */
  fault: 70,
  /** The store failed while the server ran: EX_IOERR of sysexits.h. */
  storeFailed: 74,
} as const;

/** Says in one line why what was asked for cannot be done, and leaves. */
export function refuse(message: string, code: number = exitCode.refused): never {
  process.stderr.write(`${printable(message.replace(/\s+/g, ' '))}\n`);
  process.exit(code);
}

import { constants, openSync } from 'node:fs';
import pino, { type Logger } from 'pino';
import { LogOutput } from './log-output.ts';

/** The options of a log. */
export interface LogOptions {
  readonly logLevel: string;
  /** `auto` is pretty where `output` is a terminal, json elsewhere. */
  readonly logFormat: 'auto' | 'pretty' | 'json';
  /** The destination: standard error, since standard output says where to connect. */
  readonly output: { readonly fd: number; readonly isTTY?: boolean };
}

/** A log, and what ends it. */
export interface Log {
  readonly logger: Logger;
  /** Writes what still waits for a slow reader, for about a second at most. */
  close(): void;
}

const settings = {
  timestamp: pino.stdTimeFunctions.isoTime,
  formatters: { level: (level: string) => ({ level }) },
  serializers: { err: loggedError },
};

/** An error for the log. pino adds the messages of causes to its message, which has them already. */
function loggedError(error: unknown): unknown {
  const logged: unknown = pino.stdSerializers.err(error as Error);
  return error instanceof Error ? { ...(logged as object), message: error.message } : logged;
}

/**
 * A log for people or for machines. Lines are written as they come: none is lost at the end. One that
 * cannot be written is counted, and the log says so when it can; the server does not wait for it.
 */
export async function createLog({ logLevel, logFormat, output }: LogOptions): Promise<Log> {
  const forPeople = logFormat === 'pretty' || (logFormat === 'auto' && output.isTTY === true);
  const format = forPeople ? await prettyFormat(output) : escapeControls;
  const own = pino(settings, { write: (line) => made.push(format(line)) });
  const made: string[] = [];
  const destination = new LogOutput({
    fd: output.isTTY === true ? openTerminal(output.fd) : output.fd,
    lostLine: (lines) => {
      own.warn(
        { lines },
        `${lines} ${lines === 1 ? 'line was' : 'lines were'} lost: the log could not be written`,
      );
      return made.splice(0).join('');
    },
  });
  const write = (line: string) => destination.write(format(line));
  return {
    logger: pino({ ...settings, level: logLevel }, { write }),
    close: () => destination.close(),
  };
}

/**
 * Opens a terminal once more, so that a write does not wait while its user has stopped the output
 * (Ctrl-S). A pipe does not wait anyway: Node.js sees to it when it opens standard error.
 */
function openTerminal(fd: number): number {
  try {
    return openSync(
      `/dev/fd/${fd}`,
      constants.O_WRONLY | constants.O_NONBLOCK | constants.O_NOCTTY,
    );
  } catch {
    return fd;
  }
}

async function prettyFormat(output: LogOptions['output']): Promise<(line: string) => string> {
  const { prettyFactory } = await import('pino-pretty');
  const pretty = prettyFactory({
    colorize: output.isTTY === true && !process.env.NO_COLOR,
    ignore: 'pid,hostname',
    translateTime: 'SYS:HH:MM:ss.l',
  });
  return (line) => pretty(showControls(line));
}

/** Escapes what JSON may leave as it is, though a terminal obeys it or an editor ends a line there. */
function escapeControls(line: string): string {
  return line.replace(
    /[\x7f-\x9f\u2028\u2029]/g,
    (control) => `\\u${control.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/** Makes of each escaped control character in a line of JSON one that is still escaped when it is read. */
function showControls(line: string): string {
  return escapeControls(line).replace(/\\(u00[0189][0-9a-f]|u007f|u202[89]|.)/g, (escaped, what) =>
    what.length > 1 || /[bfr]/.test(what) ? `\\${escaped}` : escaped,
  );
}

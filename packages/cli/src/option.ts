import {
  NumberOption,
  type NumberRange,
  absolutePath as resolved,
  TextOption,
} from '@tandem/command';
import { parseHost } from '@tandem/core';
import { InvalidArgumentError, Option } from 'commander';
import { refuse } from './refuse.ts';

/** An option with its environment variable: `--socket-port` is also `TANDEM_SOCKET_PORT`. */
export function option(flags: string, description: string): Option {
  return withVariable(new Option(flags, description));
}

/** An option that takes a whole number, both ends of the range allowed. */
export function numberOption(flags: string, description: string, range: NumberRange): Option {
  return withVariable(new NumberOption(flags, description, range));
}

/** An option that takes a host name or an address, `[::1]` as well as `::1`. */
export function hostOption(description: string): Option {
  const takes = 'a name or an address';
  const parse = (text: string) => {
    const parsed = parseHost(text);
    if ('host' in parsed) return parsed.host;
    throw new InvalidArgumentError(`It takes ${takes}; ${parsed.problem}.`);
  };
  return withVariable(new TextOption('--host <address>', description, takes, parse)).default(
    '127.0.0.1',
  );
}

/** An option that takes a file. */
export function fileOption(flags: string, description: string): Option {
  return withVariable(new TextOption(flags, description, 'a file'));
}

/** The option that says where accounts and messages are kept. {@link absolutePath} says where that is. */
export function dataDirectoryOption(description: string): Option {
  return withVariable(new TextOption('--data-dir <directory>', description, 'a directory')).default(
    '.tandem',
    '.tandem',
  );
}

/** Resolves a path as {@link resolved} does. Where that cannot be, it leaves, and says so. */
export function absolutePath(path: string): string {
  try {
    return resolved(path);
  } catch (error) {
    return refuse((error as Error).message);
  }
}

/** An option that takes a TCP port. */
export function portOption(flags: string, description: string, min: 0 | 1): Option {
  return numberOption(flags, description, portRange(min));
}

/** The TCP ports; 0, where it is allowed, means any that is free. */
export function portRange(min: 0 | 1): NumberRange {
  return { min, max: 65_535 };
}

/** Gives an option its environment variable. */
export function withVariable(made: Option): Option {
  return made.env(`TANDEM_${made.name().replaceAll('-', '_').toUpperCase()}`);
}

import { resolve } from 'node:path';
import { parseHost } from '@tandem/core';
import { InvalidArgumentError, Option } from 'commander';

/** A number that an option may be. */
interface NumberRange {
  readonly min: number;
  readonly max: number;
}

/** An option with its environment variable: `--socket-port` is also `TANDEM_SOCKET_PORT`. */
export function option(flags: string, description: string): Option {
  const made = new Option(flags, description);
  return made.env(`TANDEM_${made.name().replaceAll('-', '_').toUpperCase()}`);
}

/** An option that takes a whole number, both ends of the range allowed. */
export function numberOption(flags: string, description: string, range: NumberRange): Option {
  return option(flags, description).argParser(numberParser(range));
}

/** An option that takes a host name or an address, `[::1]` as well as `::1`. */
export function hostOption(description: string): Option {
  return option('--host <address>', description)
    .argParser((text) => {
      const parsed = parseHost(text);
      if ('host' in parsed) return parsed.host;
      throw new InvalidArgumentError(`It takes a name or an address; ${parsed.problem}.`);
    })
    .default('127.0.0.1');
}

/** The option that says where accounts and messages are kept, as an absolute path. */
export function dataDirectoryOption(description: string): Option {
  return option('--data-dir <directory>', description)
    .argParser((text) => {
      if (text === '') throw new InvalidArgumentError('It takes a directory.');
      return resolve(text);
    })
    .default(resolve('.tandem'), '.tandem');
}

/** An option that takes a TCP port. */
export function portOption(flags: string, description: string, min: 0 | 1): Option {
  return option(flags, description).argParser(portParser(min));
}

/** Reads a TCP port; 0, where it is allowed, means any that is free. */
export function portParser(min: 0 | 1): (text: string) => number {
  return numberParser({ min, max: 65_535 });
}

function numberParser({ min, max }: NumberRange): (text: string) => number {
  return (text) => {
    const number = Number(text);
    if (!/^[0-9]+$/.test(text) || number < min || number > max) {
      throw new InvalidArgumentError(`It takes a whole number from ${min} to ${max}.`);
    }
    return number;
  };
}

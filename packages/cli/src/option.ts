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
  return option(flags, description).argParser((text) => {
    const number = Number(text);
    if (!/^[0-9]+$/.test(text) || number < range.min || number > range.max) {
      throw new InvalidArgumentError(`It takes a whole number from ${range.min} to ${range.max}.`);
    }
    return number;
  });
}

/** An option that takes a TCP port. */
export function portOption(flags: string, description: string, min: 0 | 1): Option {
  return numberOption(flags, description, { min, max: 65_535 });
}

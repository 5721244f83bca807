import { Argument, InvalidArgumentError, Option } from 'commander';

/** The numbers that an option takes, both ends included. */
export interface NumberRange {
  readonly min: number;
  readonly max: number;
  /** Decimal fractions are numbers too; only whole numbers unless said. */
  readonly fractions?: boolean;
}

/**
 * An option that takes a number. What lies outside its range is refused with the range, so choose one
 * that whatever uses the number can take: a timer of Node.js, for one, takes 2^31-1 ms.
 */
export class NumberOption extends Option {
  readonly range: NumberRange;

  constructor(flags: string, description: string, range: NumberRange) {
    super(flags, description);
    this.range = range;
    this.argParser((text) => parseNumber(text, range));
  }
}

/** An argument that takes a number within a range. */
export function numberArgument(flags: string, description: string, range: NumberRange): Argument {
  return new Argument(flags, description).argParser((text) => parseNumber(text, range));
}

/** An argument that takes a text, which is not empty; several if its flags say so. */
export function textArgument(flags: string, description: string, takes: string): Argument {
  const argument = new Argument(flags, description);
  return argument.argParser<unknown>((text, before) => {
    refuseEmpty(text, takes);
    return argument.variadic ? [...(Array.isArray(before) ? before : []), text] : text;
  });
}

function refuseEmpty(text: string, takes: string): void {
  if (text.trim() === '') throw new InvalidArgumentError(`It takes ${takes}; this is empty.`);
}

/** An option that takes a text, which is not empty: a name, a place, a list. */
export class TextOption<Value = string> extends Option {
  /** The kind of value that it takes, for people: `a directory`. */
  readonly takes: string;

  /** @param parse reads the text, and throws InvalidArgumentError when it is none of what it takes */
  constructor(flags: string, description: string, takes: string, parse?: (text: string) => Value) {
    super(flags, description);
    this.takes = takes;
    this.argParser((text, before) => {
      refuseEmpty(text, takes);
      const value = parse === undefined ? text : parse(text);
      return this.variadic ? [...(Array.isArray(before) ? before : []), value] : value;
    });
  }
}

/**
 * Reads a number as people write it: decimal digits, with a point before fractions.
 *
 * @throws InvalidArgumentError that names the range
 */
export function parseNumber(text: string, { min, max, fractions = false }: NumberRange): number {
  const number = Number(text);
  const form = fractions ? /^[0-9]+(\.[0-9]+)?$/ : /^[0-9]+$/;
  if (!form.test(text) || number < min || number > max) {
    const kind = fractions ? 'number' : 'whole number';
    throw new InvalidArgumentError(`It takes a ${kind} from ${min} to ${max}.`);
  }
  return number;
}

// What the options of any command are tried with.
import { type Command, CommanderError, type Option } from 'commander';
import { NumberOption, type NumberRange, TextOption } from '../src/option.ts';

/** A text for an option, and what has to come of it. */
export interface Edge {
  readonly text: string;
  /** The number that it is taken for; undefined when it has to be refused. */
  readonly value: number | undefined;
}

/** The result of a line of arguments: the options, or the reason of the refusal. */
export type Parsed =
  | { readonly options: Readonly<Record<string, unknown>> }
  | { readonly refused: string };

const powers = [8, 16, 31, 32, 53, 63, 64].flatMap((bits) => [2 ** bits - 1, 2 ** bits]);
const noNumbers = [
  ...['', ' ', '-1', '-0', '+1', '1.', '.5', '1e3', '0x10', '0b1', '1_000', '1,5', '1n', 'NaN'],
  ...['Infinity', ' 5', '5 ', '5\n', '٣', '５', '5 6', 'five', '5\u0007'],
];

/** Every text at an edge of a range: both ends and one beyond, powers of two, and what is no number. */
export function edgesOf({ min, max, fractions = false }: NumberRange): readonly Edge[] {
  const ends = [min, max].flatMap((end) => [
    Math.floor(end) - 1,
    Math.ceil(end),
    Math.ceil(end) + 1,
  ]);
  const whole = [...new Set([...ends, ...powers, 0, 1])].filter((number) => number >= 0);
  const texts = [...whole.map((number) => String(BigInt(number))), `00${Math.ceil(min)}`];
  const broken = ['1.5', `${min}.0`, '0.000001'];
  const value = (text: string) => {
    const number = Number(text);
    return number >= min && number <= max ? number : undefined;
  };
  return [
    ...[...texts, '9'.repeat(400)].map((text) => ({ text, value: value(text) })),
    ...broken.map((text) => ({ text, value: fractions ? value(text) : undefined })),
    ...noNumbers.map((text) => ({ text, value: undefined })),
  ];
}

/** Says what is wrong with how an option is defined; undefined when its values are known to be bounded. */
export function unbounded(option: Option): string | undefined {
  const takesValue = option.required || option.optional;
  const known =
    !takesValue ||
    option.argChoices !== undefined ||
    option instanceof NumberOption ||
    option instanceof TextOption;
  return known
    ? undefined
    : `${option.flags} takes anything: give it a range, choices, or a kind of text`;
}

/** Every command of a program, the program itself included, with the words that call it. */
export function commandsOf(program: Command, words: readonly string[] = []): [string[], Command][] {
  const below = program.commands.flatMap((command) =>
    commandsOf(command, [...words, command.name()]),
  );
  return [[[...words], program], ...below];
}

/**
 * Returns what parses arguments as the command line would, in this process, and with no other variables
 * than those that it is given. One program parses all: commander begins anew with each line.
 *
 * @param program its actions have to do nothing
 */
export function parserOf(
  program: Command,
): (args: readonly string[], variables?: Readonly<Record<string, string>>) => Promise<Parsed> {
  let options: Readonly<Record<string, unknown>> = {};
  let said = '';
  for (const [, command] of commandsOf(program)) {
    command.exitOverride().configureOutput({
      writeOut: () => {},
      writeErr: (text) => {
        said += text;
      },
    });
    command.hook('preAction', (_, called) => {
      options = called.optsWithGlobals();
    });
  }
  return async (args, variables = {}) => {
    [options, said] = [{}, ''];
    const { env } = process;
    process.env = { ...variables };
    try {
      await program.parseAsync(args, { from: 'user' });
      return { options };
    } catch (error) {
      if (!(error instanceof CommanderError)) throw error;
      return { refused: said };
    } finally {
      process.env = env;
    }
  };
}

import type { Command, Option } from 'commander';
import { describe, expect, it } from 'vitest';
import { NumberOption, TextOption } from '../src/option.ts';
import { commandsOf, edgesOf, type Parsed, parserOf, unbounded } from './edges.ts';

export { edgesOf, parserOf } from './edges.ts';

/**
 * Tries every option of every command of a program at its edges, on the line and as a variable. The
 * options are those that commander knows, so a new one is tried as well; one that takes anything fails.
 *
 * @param make makes the program anew, with actions that do nothing; given the words of a command, it
 *   may leave out the other commands
 * @param needed arguments that a command, or one of its options, cannot do without, by its words joined
 *   with a space
 */
export function describeOptions(
  make: (words: readonly string[]) => Command,
  needed: Readonly<Record<string, readonly string[]>> = {},
): void {
  const cases = commandsOf(make([])).flatMap(([words, command]) =>
    command.options
      .filter(({ long }) => long !== '--version')
      .map((option) => {
        const neededBy = [words, [...words, option.long]].map((each) => each.join(' '));
        const line = [...words, ...neededBy.flatMap((each) => needed[each] ?? [])];
        return { option, words, line };
      }),
  );

  describe.each(cases.map((each) => [[...each.words, each.option.long].join(' '), each] as const))(
    '%s',
    (_, { option, words, line }) => {
      const parse = parserOf(make(words));

      it('is bounded', () => {
        expect(unbounded(option)).toBeUndefined();
      });

      it('takes what it should and refuses the rest, naming what it takes', async () => {
        const faults: string[] = [];
        for (const { text, value } of triedWith(option)) {
          for (const args of [[option.long ?? '', text], [`${option.long}=${text}`]]) {
            const parsed = await parse([...line, ...args]);
            faults.push(...faultsOf(option, parsed, args.join(' '), value));
          }
        }
        expect(faults).toEqual([]);
      });

      const { envVar: variable } = option;
      if (variable !== undefined)
        it('does the same as a variable, naming it', async () => {
          const faults: string[] = [];
          for (const { text, value } of triedWith(option)) {
            const parsed = await parse(line, { [variable]: text });
            const said = `${variable}=${text}`;
            faults.push(...faultsOf(option, parsed, said, value, variable));
          }
          expect(faults).toEqual([]);
        });

      if (option.required && !(option instanceof TextOption))
        it('takes the last of two', async () => {
          const [first, last] = triedWith(option).filter(({ value }) => value !== refused);
          const flag = option.long ?? '';
          const again = [flag, first?.text ?? '', flag, (last ?? first)?.text ?? ''];
          const parsed = await parse([...line, ...again]);
          expect(faultsOf(option, parsed, again.join(' '), (last ?? first)?.value)).toEqual([]);
        });
    },
  );
}

const refused = Symbol('refused');

/** A text for an option, and the value that it has to become. */
function triedWith(option: Option): readonly { readonly text: string; readonly value: unknown }[] {
  if (option instanceof NumberOption) {
    return edgesOf(option.range).map(({ text, value }) => ({ text, value: value ?? refused }));
  }
  if (option instanceof TextOption)
    return ['', ' ', '\t'].map((text) => ({ text, value: refused }));
  const choices = option.argChoices ?? [];
  const wrong = ['', ' ', 'no-such-choice'].concat(
    choices.flatMap((choice) => [` ${choice}`, choice.toUpperCase(), choice.slice(1)]),
  );
  return [
    ...choices.map((text) => ({ text, value: text })),
    ...(option.required ? wrong.map((text) => ({ text, value: refused })) : []),
  ];
}

/** Names the faults of a result; empty when the option became the value, or was refused in full words. */
function faultsOf(
  option: Option,
  parsed: Parsed,
  said: string,
  value: unknown,
  ...named: readonly string[]
): string[] {
  if (value !== refused) {
    const taken = 'options' in parsed ? parsed.options[option.attributeName()] : parsed.refused;
    return Object.is(taken, value) ? [] : [`${said}: ${taken} in place of ${value}`];
  }
  const message = 'refused' in parsed ? parsed.refused : 'it is taken';
  const wanted = [
    /is invalid\. |too many arguments/.exec(message)?.[0] ?? 'is invalid. ',
    ...named,
  ];
  if (option instanceof NumberOption) {
    wanted.push(`from ${option.range.min} to ${option.range.max}.`);
  }
  const missing = wanted.filter((words) => !message.includes(words));
  return missing.map((words) => `${said}: "${message}" has no "${words}"`);
}

import type { Command, Option } from 'commander';
import { describe, expect, it } from 'vitest';
import { NumberOption, TextOption } from '../src/option.ts';
import { commandsOf, edgesOf, parse, unbounded } from './edges.ts';

export { edgesOf } from './edges.ts';

/**
 * Tries every option of every command of a program at its edges, on the line and as a variable. The
 * options are those that commander knows, so a new one is tried as well; one that takes anything fails.
 *
 * @param make makes the program anew, with actions that do nothing
 * @param needed arguments that a command cannot do without, by its words joined with a space
 */
export function describeOptions(
  make: () => Command,
  needed: Readonly<Record<string, readonly string[]>> = {},
): void {
  const cases = commandsOf(make()).flatMap(([words, command]) =>
    command.options
      .filter(({ long }) => long !== '--version')
      .map((option) => ({ option, words, line: [...words, ...(needed[words.join(' ')] ?? [])] })),
  );

  describe.each(cases.map((each) => [[...each.words, each.option.long].join(' '), each] as const))(
    '%s',
    (_, { option, line }) => {
      it('is bounded', () => {
        expect(unbounded(option)).toBeUndefined();
      });

      it('takes what it should and refuses the rest, naming what it takes', async () => {
        for (const { text, value } of triedWith(option)) {
          for (const args of [[option.long ?? '', text], [`${option.long}=${text}`]]) {
            await expectParsed(
              option,
              await parse(make, [...line, ...args]),
              args.join(' '),
              value,
            );
          }
        }
      });

      const { envVar: variable } = option;
      if (variable !== undefined)
        it('does the same as a variable, naming it', async () => {
          for (const { text, value } of triedWith(option)) {
            const parsed = await parse(make, line, { [variable]: text });
            await expectParsed(option, parsed, `${variable}=${text}`, value);
            if (value === refused)
              expect(parsed).toMatchObject({ refused: expect.stringContaining(variable) });
          }
        });

      if (option.required && !(option instanceof TextOption))
        it('takes the last of two', async () => {
          const [first, last] = triedWith(option).filter(({ value }) => value !== refused);
          const flag = option.long ?? '';
          const again = [flag, first?.text ?? '', flag, (last ?? first)?.text ?? ''];
          const parsed = await parse(make, [...line, ...again]);
          await expectParsed(option, parsed, again.join(' '), (last ?? first)?.value);
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

async function expectParsed(
  option: Option,
  parsed: Awaited<ReturnType<typeof parse>>,
  said: string,
  value: unknown,
): Promise<void> {
  if (value !== refused) {
    expect(parsed, said).toMatchObject({ options: { [option.attributeName()]: value } });
    return;
  }
  const message = 'refused' in parsed ? parsed.refused : 'it is taken';
  expect(message, said).toMatch(/is invalid\. |too many arguments/);
  if (option instanceof NumberOption) {
    expect(message, said).toContain(`from ${option.range.min} to ${option.range.max}.`);
  }
}

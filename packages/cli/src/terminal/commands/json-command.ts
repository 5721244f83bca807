import { printable } from '../printable.ts';
import { type CommandName, commands, type Draft, type Field, findCommand } from './command.ts';

/** A command that came as JSON, with the secrets that it names; or the reason why it is none. */
export type JsonCommand =
  | {
      readonly draft: Draft;
      readonly secrets: Readonly<Record<'current' | 'secret', string>> | undefined;
    }
  | { readonly problem: string };

/** The member of an object that has the value of a field. A secret is beside the fields of a draft. */
const memberOf: Readonly<Partial<Record<Field, string>>> = {
  username: 'username',
  confirmation: 'username',
  query: 'query',
  recipient: 'to',
  message: 'body',
};

/** Reads a line like `{"command":"send","to":"bob","body":"hi"}`. */
export function parseJsonCommand(line: string): JsonCommand {
  let members: Record<string, unknown>;
  try {
    members = JSON.parse(line);
  } catch (error) {
    return { problem: `that line begins with { and is not JSON${placeOf(error as Error)}` };
  }
  const { command: word, ...values } = members;
  const command = typeof word === 'string' ? findCommand(word) : undefined;
  if (command === undefined) {
    const got = word === undefined ? '' : `: there is no ${printable(JSON.stringify(word))}`;
    return { problem: `an object needs a "command" that "help" lists${got}` };
  }
  const allowed = membersOf(command);
  for (const [name, value] of Object.entries(values)) {
    if (!allowed.includes(name)) {
      const takes = allowed.length === 0 ? 'no other member' : allowed.join(', ');
      return {
        problem: `${command} has no member ${printable(JSON.stringify(name))}; it takes ${takes}`,
      };
    }
    if (typeof value !== 'string') return { problem: `${command}: "${name}" has to be a string` };
  }
  const texts = values as Record<string, string>;
  return { draft: draftOf(command, texts), secrets: secretsOf(command, texts) };
}

/** Says where a parser stopped, where it says that. The rest of its words may have a part of a secret. */
function placeOf({ message }: Error): string {
  const at = / in JSON at position (\d+)( \(line \d+ column \d+\))?$/.exec(message)?.[1];
  return at === undefined ? '' : `: look at character ${Number(at) + 1}`;
}

function membersOf(command: CommandName): string[] {
  if (command === 'secret') return ['current', 'secret'];
  const names = commands[command].fields.flatMap((field) => memberOf[field] ?? []);
  return command === 'login' || command === 'register' ? [...names, 'secret'] : names;
}

/** Returns the values that are there, up to the first that is not. */
function draftOf(command: CommandName, texts: Readonly<Record<string, string>>): Draft {
  const values: string[] = [];
  for (const field of commands[command].fields) {
    const value = texts[memberOf[field] ?? ''];
    if (value === undefined) break;
    values.push(value);
  }
  return { command, values };
}

function secretsOf(command: CommandName, { current = '', secret }: Record<string, string>) {
  if (secret === undefined && command !== 'secret') return undefined;
  return { current, secret: secret ?? '' };
}

import { nearest } from './nearest.ts';

/** A value that a command needs: at a terminal, it is asked for where the line does not say it. */
export type Field = 'username' | 'query' | 'recipient' | 'message' | 'confirmation' | SecretField;

/** A value that is never shown, nor typed on the line of a command: nothing that keeps lines has it. */
export type SecretField = 'secret' | 'currentSecret' | 'newSecret' | 'sameSecret';

/** One command of the terminal client. */
export interface Command {
  readonly fields: readonly Field[];
  readonly aliases: readonly string[];
  /** The form in which it is typed. */
  readonly usage: string;
  readonly summary: string;
  /** Says if it is refused while nobody is logged in, or while somebody is. */
  readonly needs: 'session' | 'no session' | 'nothing';
}

const table = {
  register: {
    fields: ['username'],
    aliases: [],
    usage: 'register [username]',
    summary: 'make an account (it does not log in)',
    needs: 'no session',
  },
  login: {
    fields: ['username'],
    aliases: [],
    usage: 'login [username]',
    summary: 'log in, and read unread messages',
    needs: 'no session',
  },
  search: {
    fields: ['query'],
    aliases: [],
    usage: 'search [query]',
    summary: 'find usernames; * is any letters, no query: all',
    needs: 'nothing',
  },
  send: {
    fields: ['recipient', 'message'],
    aliases: [],
    usage: 'send [username [message]]',
    summary: 'send a message',
    needs: 'session',
  },
  to: {
    fields: ['username'],
    aliases: [],
    usage: 'to [username]',
    summary: 'send your lines to somebody; no name: stop',
    needs: 'session',
  },
  reply: {
    fields: ['message'],
    aliases: ['r'],
    usage: 'reply [message]',
    summary: 'send to the last sender; no message: to them',
    needs: 'session',
  },
  history: {
    fields: ['username'],
    aliases: [],
    usage: 'history [username]',
    summary: 'show earlier messages again',
    needs: 'nothing',
  },
  logout: {
    fields: ['confirmation'],
    aliases: [],
    usage: 'logout [your username]',
    summary: 'log out; asks for your username again',
    needs: 'session',
  },
  delete: {
    fields: ['confirmation'],
    aliases: [],
    usage: 'delete [your username]',
    summary: 'delete your account; asks for your username again',
    needs: 'session',
  },
  secret: {
    fields: ['currentSecret', 'newSecret', 'sameSecret'],
    aliases: ['password'],
    usage: 'secret',
    summary: 'set, change or remove the secret of your account',
    needs: 'session',
  },
  block: {
    fields: ['username'],
    aliases: [],
    usage: 'block [username]',
    summary: 'refuse messages from somebody',
    needs: 'session',
  },
  unblock: {
    fields: ['username'],
    aliases: [],
    usage: 'unblock [username]',
    summary: 'accept their messages again',
    needs: 'session',
  },
  set: {
    fields: [],
    aliases: [],
    usage: 'set [setting value]',
    summary: 'show or change bell, time, status, color',
    needs: 'nothing',
  },
  quit: {
    fields: [],
    aliases: ['bye', 'disconnect'],
    usage: 'quit',
    summary: 'log out and leave (or bye, disconnect, Ctrl-D)',
    needs: 'nothing',
  },
  help: {
    fields: [],
    aliases: [],
    usage: 'help [command]',
    summary: 'show this',
    needs: 'nothing',
  },
} as const satisfies Record<string, Command>;

/** The name of a command, aliases apart. */
export type CommandName = keyof typeof table;

/** Every command, in the order in which help shows them. */
export const commands: Readonly<Record<CommandName, Command>> = table;

/** The names of all commands, aliases apart. */
export const commandNames = Object.keys(table) as CommandName[];

/** A command as typed: what the line said of its fields, in order. */
export interface Draft {
  readonly command: CommandName;
  readonly values: readonly string[];
}

/** The command that a word means, in whatever case, with or without a slash before it, or undefined. */
export function findCommand(word: string): CommandName | undefined {
  const name = bareWord(word);
  return commandNames.find(
    (command) => command === name || commands[command].aliases.includes(name),
  );
}

/** A word as the table of commands has it: in lower case, without the slash of other chat programs. */
export function bareWord(word: string): string {
  return word.toLowerCase().replace(/^\//, '');
}

/** The command that somebody who typed `word` probably meant, or undefined. */
export function nearestCommand(word: string): string | undefined {
  const words = commandNames.flatMap((name) => [name, ...commands[name].aliases]);
  return nearest(bareWord(word), words);
}

/**
 * The first word of a line, and what follows the space or tab that ends it, as it was typed. Nothing else
 * separates words: what Unicode calls a space or a line break is a character like others, and refused as
 * such.
 */
export function splitLine(line: string): { word: string; rest: string } {
  const word = trimBlanks(line).split(/[ \t]/, 1)[0] ?? '';
  return { word, rest: line.slice(line.indexOf(word) + word.length + 1) };
}

/** A text without the spaces and tabs around it. */
export function trimBlanks(text: string): string {
  let from = 0;
  let to = text.length;
  while (from < to && isBlank(text[from])) from++;
  while (to > from && isBlank(text[to - 1])) to--;
  return text.slice(from, to);
}

function isBlank(character: string | undefined): boolean {
  return character === ' ' || character === '\t';
}

/**
 * Reads what a line says of a command's fields. A message is all that is left, with the spaces around it
 * [P-2.3].
 */
export function draftOf(command: CommandName, rest: string): Draft {
  const first = trimBlanks(rest);
  // What follows the command is no secret any more.
  if (first === '' || command === 'secret') return { command, values: [] };
  if (commands[command].fields.length < 2) return { command, values: [first] };
  const { word, rest: message } = splitLine(rest);
  return { command, values: trimBlanks(message) === '' ? [word] : [word, message] };
}

/** Tells if a field is one whose value is never shown. */
export function isSecret(field: Field): field is SecretField {
  return /secret$/i.test(field);
}

/** Tells if the history is not to have a value: a confirmation, and what no line can say. */
function isKeptOut(field: Field | undefined): boolean {
  return field === undefined || field === 'confirmation' || isSecret(field);
}

/**
 * The line that says all of a draft: what the history keeps, however it was typed. A confirmation
 * is left out, so that going up and pressing return never deletes an account.
 */
export function lineOf({ command, values }: Draft): string {
  const said = values
    .filter((_, index) => !isKeptOut(commands[command].fields[index]))
    .map((value) => (command === 'search' && value === '' ? '*' : value));
  return [command, ...said].join(' ');
}

import { type CommandName, commandNames, commands } from './command.ts';

const usageChars = Math.max(...commandNames.map((name) => commands[name].usage.length));

/** The help for scripts that drive `tandem chat`, which can rely on it. */
export const scriptingHelp = `Without a terminal on standard input and output, tandem chat runs the commands that it reads, one
after another, and logs out at the end. A line is one command and ends with a newline. It has all
that the command needs, since the chat asks for nothing; search without a query finds everybody.
The chat skips empty lines, and lines that begin with #.
Standard output gets messages as "sender: text" lines, and the outcomes of commands; standard error
gets refusals. The chat prints messages that were unread at a login before it runs the next command.
Exit codes
  0    every command succeeded
  1    no connection, or the server went away, or a file of a secret or of TLS is wrong
  2    a command was refused or failed (only without a terminal); the others were run
  64   a wrong option, or a wrong file of settings; the chat did nothing
  129, 130, 143    ended by a hang-up, Ctrl-C or SIGTERM, after logging out
  141  nobody reads the output any more`;

/** The help text, or one command's part of it. */
export function helpText(command?: CommandName): string {
  if (command !== undefined) return helpLine(command).trimStart();
  return [
    'Commands (at a terminal, the chat asks for what you leave out)',
    ...commandNames.map(helpLine),
    'After "to bob" your lines go to bob, and a command begins with /.',
    'Tab completes commands and usernames; up and Ctrl-R bring earlier commands.',
    'Ctrl-C clears the line or cancels a question; at an empty prompt it leaves.',
  ].join('\n');
}

function helpLine(name: CommandName): string {
  const { usage, summary } = commands[name];
  return `  ${usage.padEnd(usageChars)}  ${summary}`;
}

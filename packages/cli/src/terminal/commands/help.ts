import { type CommandName, commandNames, commands } from './command.ts';

const usageChars = Math.max(...commandNames.map((name) => commands[name].usage.length));

/** The help for scripts that drive `tandem chat`, which can rely on it. */
export const scriptingHelp = `Without a terminal on standard input and output, tandem chat runs the commands that it reads, one
after another, and at the end logs out. A line is one command and ends with a newline. It says all
that the command needs: nothing is asked, and search without a query finds everybody. Empty lines,
and lines that begin with #, are skipped.
Standard output gets "sender: text" lines for messages and what was done, standard error what was
refused. Messages that were unread at a login are printed before the next command runs.
Exit codes
  0    every command did what it says
  1    no connection, or the server went away, or a file of a secret or of TLS is wrong
  2    some command was refused or failed (only without a terminal); the others were run
  64   a wrong option, or a wrong file of settings; nothing was begun
  129, 130, 143    left on a hang-up, Ctrl-C or SIGTERM, after logging out
  141  nobody reads the output any more`;

/** The help text, or one command's part of it. */
export function helpText(command?: CommandName): string {
  if (command !== undefined) return helpLine(command).trimStart();
  return [
    'Commands (at a terminal, what you leave out is asked for)',
    ...commandNames.map(helpLine),
    'After "to bob" lines go to bob, and a command begins with /.',
    'Tab completes commands and usernames; up and Ctrl-R bring earlier commands.',
    'Ctrl-C clears the line or takes a question back; at an empty prompt it leaves.',
  ].join('\n');
}

function helpLine(name: CommandName): string {
  const { usage, summary } = commands[name];
  return `  ${usage.padEnd(usageChars)}  ${summary}`;
}

import { type CommandName, commandNames, commands } from './command.ts';

const usageChars = Math.max(...commandNames.map((name) => commands[name].usage.length));

/** What a script that drives `tandem chat` relies on. */
export const scriptingHelp = `Without a terminal on standard input, tandem chat runs the commands that it reads, one after
another, takes the answers to its questions from the lines that follow, and at the end logs out.
Standard output gets "sender: text" lines for messages and what was done, standard error what was
refused. Messages that were unread at a login are printed before the next command runs.
Exit codes
  0    every command did what it says
  1    no connection, or the server went away
  2    some command was refused or failed (only without a terminal); the others were run
  129, 130, 143    left on a hang-up, Ctrl-C or SIGTERM, after logging out
  141  nobody reads the output any more`;

/** The help text, or one command's part of it. */
export function helpText(command?: CommandName): string {
  if (command !== undefined) return helpLine(command).trimStart();
  return [
    'Commands (what you leave out is asked for; an empty answer cancels)',
    ...commandNames.map(helpLine),
    'Tab completes commands and usernames; the up arrow brings earlier commands.',
  ].join('\n');
}

function helpLine(name: CommandName): string {
  const { usage, summary } = commands[name];
  return `  ${usage.padEnd(usageChars)}  ${summary}`;
}

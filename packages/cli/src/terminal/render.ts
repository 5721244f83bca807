import { styleText } from 'node:util';
import type { Field } from './command.ts';
import { printable } from './printable.ts';
import { type Entry, type State, wantsLine } from './state.ts';

/** What the place of display can do. */
export interface Look {
  /** Somebody reads this at a terminal; otherwise lines are as plain as a program wants them. */
  readonly terminal: boolean;
  readonly color: boolean;
}

/** What the line at the bottom looks like, and whether it is waited for. */
export interface View {
  readonly prompt: string;
  /** The next line can be acted upon now. */
  readonly wantsLine: boolean;
}

type Style = Parameters<typeof styleText>[0];

/** The prompt says who you are, or what is asked. */
export function render(state: State, look: Look): View {
  return { prompt: renderPrompt(state, look), wantsLine: wantsLine(state) };
}

/** One entry as lines, the last ended by a newline. Nothing in it can steer a terminal. */
export function renderEntry(entry: Entry, look: Look): string {
  switch (entry.kind) {
    case 'message': {
      const sender = printable(entry.message.sender);
      const body = printable(entry.message.body);
      if (!look.terminal) return `${sender}: ${body}\n`;
      const mark = styled('green', '<-', look);
      return `${mark} ${styled(['bold', 'green'], `${sender}:`, look)} ${body}\n`;
    }
    case 'said':
      return `${printableLines(entry.text)}\n`;
    case 'refused':
      return `${styled('red', printableLines(entry.text), look)}\n`;
    case 'names': {
      const indent = look.terminal ? '  ' : '';
      return entry.usernames.map((name) => `${indent}${printable(name)}\n`).join('');
    }
  }
}

/** What somebody at a terminal reads first. */
export function greeting(serverName: string): Entry {
  const text = `connected to ${serverName}; type "help" for the commands, "quit" to leave`;
  return { kind: 'said', text };
}

const questions: Readonly<Record<Field, string>> = {
  username: 'username: ',
  query: 'search for (empty for everybody): ',
  recipient: 'to: ',
  message: 'message: ',
  confirmation: 'your username, to confirm: ',
};

function renderPrompt({ question, user }: State, look: Look): string {
  if (question !== undefined) return styled('cyan', questions[question.asks], look);
  return styled('bold', `${printable(user ?? '')}> `, look);
}

function printableLines(text: string): string {
  return text.split('\n').map(printable).join('\n');
}

function styled(style: Style, text: string, look: Look): string {
  return look.color ? styleText(style, text, { validateStream: false }) : text;
}

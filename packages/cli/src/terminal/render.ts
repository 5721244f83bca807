import { styleText } from 'node:util';
import type { Message } from '@tandem/core';
import { type Field, isSecret } from './command.ts';
import { printable } from './printable.ts';
import { type Entry, type State, wantsLine } from './state.ts';
import { wrap } from './wrap.ts';

/** The abilities of the place of display. */
export interface Look {
  /** Somebody reads this at a terminal; otherwise lines are as plain as a program wants them. */
  readonly terminal: boolean;
  readonly color: boolean;
  /** True when it can hide what is typed. */
  readonly hides?: boolean;
  /** A program reads objects of JSON. */
  readonly json?: boolean;
  /** The width of the terminal; undefined where lines are not to be broken. */
  readonly columns?: number | undefined;
}

/** The line at the bottom. */
export interface View {
  readonly prompt: string;
  /** The next line can be acted upon now. */
  readonly wantsLine: boolean;
  /** True while what is typed is not to be shown. */
  readonly hidden?: boolean;
}

type Style = Parameters<typeof styleText>[0];

/** The prompt says who you are, or what is asked. */
export function render(state: State, look: Look): View {
  const { question } = state;
  const hidden = question !== undefined && isSecret(question.asks);
  return { prompt: renderPrompt(state, look), wantsLine: wantsLine(state), hidden };
}

/**
 * One entry as lines, the last ended by a newline, broken at words where the terminal has a width.
 * Nothing in it can steer a terminal.
 */
export function renderEntry(entry: Entry, look: Look): string {
  switch (entry.kind) {
    case 'message':
      return renderMessage(entry.message, look);
    case 'said':
      return rowsOf(entry.text.split('\n'), look).join('');
    case 'refused':
      return rowsOf(entry.text.split('\n'), look)
        .map((row) => `${styled('red', row.trimEnd(), look)}\n`)
        .join('');
    case 'answer':
      return entry.entries.map((each) => renderEntry(each, look)).join('');
    case 'names': {
      const indent = look.terminal ? '  ' : '';
      const lines = entry.usernames.map((name) => `${indent}${name}`);
      return rowsOf(lines, look).join('');
    }
  }
}

/** A message, who sent it set apart where somebody reads it. */
function renderMessage(message: Message, look: Look): string {
  const sender = printable(message.sender);
  const body = printable(message.body);
  if (!look.terminal) return `${sender}: ${body}\n`;
  const mark = `<- ${sender}:`;
  const rows = wrap(`${mark} ${body}`, look.columns).map(({ text, from }) => {
    const marked = text.slice(0, Math.max(0, mark.length - from));
    return `${marked && styled(['bold', 'green'], marked, look)}${text.slice(marked.length)}\n`;
  });
  return rows.join('');
}

/** Returns the first line at a terminal. */
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
  secret: 'secret: ',
  currentSecret: 'your secret (empty for none): ',
  newSecret: 'new secret: ',
  sameSecret: 'the same again: ',
};

function renderPrompt({ question, user, outage }: State, look: Look): string {
  if (question !== undefined) return styled('cyan', questions[question.asks], look);
  const lost = outage === undefined ? '' : 'no connection';
  const who = [printable(user ?? outage?.user ?? ''), lost].filter(Boolean).join(', ');
  return styled('bold', `${who}> `, look);
}

function rowsOf(lines: readonly string[], { columns }: Look): string[] {
  const rows = lines.flatMap((line) => wrap(printable(line), columns));
  return rows.map(({ text }) => `${text}\n`);
}

function styled(style: Style, text: string, look: Look): string {
  return look.color ? styleText(style, text, { validateStream: false }) : text;
}

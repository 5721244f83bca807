import { styleText } from 'node:util';
import type { Message } from '@tandem/core';
import { type Field, isSecret } from '../commands/command.ts';
import { printable } from '../printable.ts';
import { type Entry, type State, wantsLine } from '../state/state.ts';
import type { SeenMessage } from './message-history.ts';
import { wrap } from './wrap.ts';

/** The abilities of the place of display. */
export interface Look {
  /** Somebody reads this at a terminal; otherwise lines are as plain as a program wants them. */
  readonly terminal: boolean;
  readonly color: boolean;
  /** True when it can hide what is typed. */
  readonly hides?: boolean;
  /** A program reads JSON: writes what it reads, and reads what it writes. */
  readonly json?: JsonLook | undefined;
  /** The width of the terminal; undefined where lines are not to be broken. */
  readonly columns?: number | undefined;
  /** The time of each message is shown. */
  readonly time?: boolean;
  /** The terminal has 256 colours. */
  readonly manyColors?: boolean;
  /** Returns the status line; undefined where there is no such line. */
  readonly status?: ((state: State, columns: number) => string) | undefined;
}

/** The two ways of JSON, loaded where a program asks for it. */
export interface JsonLook {
  readonly render: (entry: Entry, at: Date) => string;
  readonly parse: NonNullable<State['json']>;
}

/** The line at the bottom. */
export interface View {
  readonly prompt: string;
  /** The next line can be acted upon now. */
  readonly wantsLine: boolean;
  /** A row above the prompt; undefined for none. */
  readonly status?: string | undefined;
  /** True while what is typed is not to be shown. */
  readonly hidden?: boolean;
  /** True where the line that was half typed before that is to come back afterwards. */
  readonly keepsLine?: boolean;
}

type Style = Parameters<typeof styleText>[0];

/** The prompt says who you are, or what is asked. */
export function render(state: State, look: Look): View {
  const { question, pasted } = state;
  const hidden = pasted === undefined && question !== undefined && isSecret(question.asks);
  const keepsLine = question?.afterOutage === true;
  const { columns = 80 } = look;
  const status =
    look.status === undefined ? undefined : styled('inverse', look.status(state, columns), look);
  const prompt = renderPrompt(state, look);
  return { prompt, wantsLine: wantsLine(state), hidden, keepsLine, status };
}

/**
 * One entry as lines, the last ended by a newline, broken at words where the terminal has a width.
 * Nothing in it can steer a terminal.
 *
 * @param at the time at which it came
 */
export function renderEntry(entry: Entry, look: Look, at?: Date): string {
  switch (entry.kind) {
    case 'message':
      return renderMessage(entry.message, look, at);
    case 'seen':
      return renderSeen(entry.messages, look);
    case 'said':
      return rowsOf(entry.text.split('\n'), look).join('');
    case 'refused':
      return rowsOf(entry.text.split('\n'), look)
        .map((row) => `${styled('red', row.trimEnd(), look)}\n`)
        .join('');
    case 'outcome':
      return entry.entries.map((each) => renderEntry(each, look)).join('');
    case 'names': {
      const indent = look.terminal ? '  ' : '';
      const lines = entry.usernames.map((name) => `${indent}${name}`);
      return rowsOf(lines, look).join('');
    }
  }
}

/** A message, who sent it set apart where somebody reads it. */
function renderMessage(message: Message, look: Look, at: Date | undefined): string {
  const sender = printable(message.sender);
  const body = printable(message.body);
  if (!look.terminal) return `${sender}: ${body}\n`;
  const time = look.time && at !== undefined ? `${timeOf(at)} ` : '';
  return renderSpoken({ time, mark: `<- ${sender}:`, name: message.sender, body }, look);
}

/** Rows of what somebody said: a dim time, who it was in their colour, and the text. */
function renderSpoken(
  { time, mark, name, body }: Record<'time' | 'mark' | 'name' | 'body', string>,
  look: Look,
): string {
  const markEnd = time.length + mark.length;
  const rows = wrap(`${time}${mark} ${body}`, look.columns).map(({ text, from }) => {
    const dim = text.slice(0, Math.max(0, time.length - from));
    const marked = text.slice(dim.length, Math.max(0, markEnd - from));
    const rest = text.slice(dim.length + marked.length);
    return `${dim && styled('dim', dim, look)}${marked && named(name, marked, look)}${rest}\n`;
  });
  return rows.join('');
}

/** Messages that were seen, each with its time, and a line where the day changes. */
function renderSeen(messages: readonly SeenMessage[], look: Look): string {
  if (messages.length === 0) return rowsOf(['nothing has been seen yet'], look).join('');
  let day = '';
  return messages
    .map(({ at, user, from, to, body, inDoubt }) => {
      const date = new Date(at);
      const [correspondent, arrow] = from === user ? [to, '->'] : [from, '<-'];
      const doubt = inDoubt ? ' (in doubt)' : '';
      const mark = `${arrow} ${printable(correspondent)}${doubt}:`;
      const line = dayOf(date) === day ? '' : renderDay(date, look);
      day = dayOf(date);
      const spoken = { time: `${timeOf(date)} `, mark, name: correspondent, body: printable(body) };
      return line + renderSpoken(spoken, look);
    })
    .join('');
}

/** Returns the line that says which day begins. */
export function renderDay(at: Date, look: Look): string {
  return `${styled('dim', `-- ${dayOf(at)} --`, look)}\n`;
}

/** The local day: 2026-11-27. */
export function dayOf(at: Date): string {
  return [at.getFullYear(), twoDigits(at.getMonth() + 1), twoDigits(at.getDate())].join('-');
}

function timeOf(at: Date): string {
  return `${twoDigits(at.getHours())}:${twoDigits(at.getMinutes())}`;
}

function twoDigits(number: number): string {
  return String(number).padStart(2, '0');
}

/** A text in the colour of a name, which is the same each time. */
function named(name: string, text: string, look: Look): string {
  if (!look.color) return text;
  if (!look.manyColors) return styled(['bold', basicColorOfName(name)], text, look);
  return styled('bold', `\x1b[38;5;${colorOfName(name)}m${text}\x1b[39m`, look);
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

function renderPrompt(state: State, look: Look): string {
  const { question, user, outage, pasted, to } = state;
  if (pasted !== undefined) {
    return styled('cyan', `act on these ${pasted.length} lines? (yes or no) `, look);
  }
  if (question !== undefined) return styled('cyan', questions[question.asks], look);
  const lost = outage === undefined ? '' : 'no connection';
  const spoken = to === undefined ? '' : `to ${to}`;
  const who = [printable(user ?? outage?.user ?? ''), spoken, lost].filter(Boolean).join(', ');
  return styled('bold', `${who}> `, look);
}

function rowsOf(lines: readonly string[], { columns }: Look): string[] {
  const rows = lines.flatMap((line) => wrap(printable(line), columns));
  return rows.map(({ text }) => `${text}\n`);
}

function styled(style: Style, text: string, look: Look): string {
  return look.color ? styleText(style, text, { validateStream: false }) : text;
}

/**
 * Colours of 256 that can be read on white and on black: their contrast is 4 to 1 or better on both. No
 * colour has more than 4.58 on both.
 */
export const readableColors = [27, 28, 30, 31, 64, 97, 98, 129, 130, 131, 132, 161, 163] as const;

/** Colours of the eight that each terminal shows so that they can be read. */
const basicColors = ['red', 'green', 'blue', 'magenta'] as const;

/** Returns the colour of a name, of 256, the same one each time. */
export function colorOfName(name: string): number {
  return readableColors[hashOf(name) % readableColors.length] as number;
}

/** Returns the colour of a name on a terminal that has eight, the same one each time. */
export function basicColorOfName(name: string): (typeof basicColors)[number] {
  return basicColors[hashOf(name) % basicColors.length] as (typeof basicColors)[number];
}

function hashOf(name: string): number {
  let hash = 2_166_136_261;
  for (let at = 0; at < name.length; at++) {
    hash = Math.imul(hash ^ name.charCodeAt(at), 16_777_619) >>> 0;
  }
  return hash;
}

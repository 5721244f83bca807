import { isValidQuery, isValidUsername, usernameCharsMax } from '@tandem/core';
import { messageOf } from '../state/converse.ts';
import type { State } from '../state/state.ts';
import {
  bareWord,
  commandNames,
  commands,
  type Field,
  findCommand,
  splitLine,
  trimBlanks,
} from './command.ts';

/** The result of readline's completer: the candidates, and the part of the line that they replace. */
export type Completion = [candidates: string[], replaced: string];

/** More candidates than this are not listed: only what they have in common is filled in. */
const candidatesShownMax = 100;

/** The words that may stand where the cursor is. */
interface Place {
  readonly wants: 'command' | 'topic' | 'username' | 'nothing';
  /** The part of it that is there. */
  readonly typed: string;
  /** The text that follows it. */
  readonly after: '' | ' ';
}

/**
 * Completes the line up to the cursor: commands first, then usernames where one is meant.
 *
 * @param found usernames beside those that were seen
 */
export function complete(state: State, line: string, found: readonly string[] = []): Completion {
  const last = completeLast(state, line);
  if (last !== undefined) return last;
  const { wants, typed, after } = placeOf(state, line);
  switch (wants) {
    case 'command': {
      const slash = typed.startsWith('/') ? '/' : '';
      return offer(
        commandNames.map((name) => `${slash}${withSpace(name)}`),
        typed,
        slash + bareWord(typed),
      );
    }
    case 'topic':
      return offer(commandNames, typed, typed.toLowerCase());
    case 'username': {
      const names = [...new Set([...state.known, ...found.filter(isValidUsername)])].sort();
      return offer(
        names.map((name) => `${name}${after}`),
        typed,
      );
    }
    case 'nothing':
      return [[], typed];
  }
}

/** Offers who wrote last, where nothing is typed of a command or of its recipient. */
function completeLast({ question, to, lastFrom }: State, line: string): Completion | undefined {
  if (question !== undefined || lastFrom === undefined) return undefined;
  if (line === '' && to === undefined) return [[`send ${lastFrom} `], ''];
  return /^\/?send[ \t]+$/i.test(line) ? [[`${lastFrom} `], ''] : undefined;
}

/** Returns the beginning of the usernames that are wanted of the server; undefined when none are. */
export function beginningWanted(state: State, line: string): string | undefined {
  const { wants, typed } = placeOf(state, line);
  // Behind another request, the response would come late.
  if (wants !== 'username' || state.request !== undefined) return undefined;
  const canBegin = isValidQuery(typed) && !typed.includes('*') && typed.length < usernameCharsMax;
  return canBegin ? typed : undefined;
}

function placeOf(state: State, line: string): Place {
  if (state.question !== undefined) {
    const { command, asks } = state.question;
    const wants = isName(asks) && command !== 'register' ? 'username' : 'nothing';
    return { wants, typed: line, after: '' };
  }
  if (messageOf(state, line) !== undefined) return { wants: 'nothing', typed: line, after: '' };
  const split = splitLine(line);
  const { word } = split;
  const rest = trimBlanks(split.rest);
  const wordIsOver = /[ \t]$/.test(line);
  if (rest === '' && !(wordIsOver && word !== ''))
    return { wants: 'command', typed: word, after: '' };
  const command = findCommand(word);
  const nothing = { wants: 'nothing', typed: rest, after: '' } as const;
  if (command === undefined || /[ \t]/.test(rest) || (rest !== '' && wordIsOver)) {
    return { ...nothing, typed: line };
  }
  if (command === 'help') return { wants: 'topic', typed: rest, after: '' };
  const field = commands[command].fields[0];
  if (command === 'register' || field === undefined) return { ...nothing, typed: line };
  if (!isName(field)) return nothing;
  return { wants: 'username', typed: rest, after: field === 'recipient' ? ' ' : '' };
}

/** A confirmation is there to be typed, so nothing is offered for it. */
function isName(field: Field): boolean {
  return field === 'username' || field === 'recipient' || field === 'query';
}

function withSpace(name: (typeof commandNames)[number]): string {
  return commands[name].fields.length > 0 ? `${name} ` : name;
}

function offer(candidates: readonly string[], typed: string, begins = typed): Completion {
  const matching = candidates.filter((candidate) => candidate.startsWith(begins));
  if (matching.length <= candidatesShownMax) return [matching, typed];
  const shared = commonPrefix(matching);
  return [shared.length > typed.length ? [shared] : [], typed];
}

function commonPrefix(texts: readonly string[]): string {
  let prefix = texts[0] ?? '';
  for (const text of texts) {
    while (!text.startsWith(prefix)) prefix = prefix.slice(0, -1);
  }
  return prefix;
}

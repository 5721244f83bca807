import { type CommandName, splitLine, trimBlanks } from '../commands/command.ts';
import { problemWith } from '../commands/field.ts';
import { changeSetting, describeSettings } from '../commands/setting.ts';
import { refuseOffline } from './outage.ts';
import type { Request, State } from './state.ts';
import { refuse, type Step, say, step } from './step.ts';

/** Returns the message that a line is while lines go to somebody; undefined where it is a command. */
export function messageOf(state: State, line: string): string | undefined {
  if (state.to === undefined || !hasUser(state)) return undefined;
  const begin = trimBlanks(line);
  if (begin.startsWith('//')) return line.replace('/', '');
  return begin.startsWith('/') ? undefined : line;
}

/** Tells if somebody is logged in, or is to be again when there is a connection. */
function hasUser({ user, outage }: State): boolean {
  return (user ?? outage?.user) !== undefined;
}

/** Sends a line to somebody. An empty one is none. */
export function speak(state: State, recipient: string, body: string, line: string): Step {
  if (trimBlanks(body) === '') return step(state);
  return remember(speakTo(state, recipient, body), line);
}

/** Acts on the commands of a conversation, which ask the server nothing or are short for a send. */
export function converse(state: State, command: CommandName, rest: string): Step | undefined {
  const line = `${command} ${rest}`.trimEnd();
  switch (command) {
    case 'to':
      return remember(turnTo(state, trimBlanks(rest)), line);
    case 'reply':
      return remember(reply(state, rest), line);
    case 'history':
      return remember(showHistory(state, trimBlanks(rest)), line);
    case 'set':
      return remember(set(state, rest), line);
    default:
      return undefined;
  }
}

/** Counts a message of somebody who is not the one to whom lines go. */
export function countUnread(state: State, sender: string): State {
  const { to, user, unreadOf } = state;
  const lastFrom = sender === user ? state.lastFrom : sender;
  if (to === undefined || sender === to || sender === user) return { ...state, lastFrom };
  const count = (unreadOf.get(sender) ?? 0) + 1;
  return { ...state, lastFrom, unreadOf: new Map(unreadOf).set(sender, count) };
}

function turnTo(state: State, name: string): Step {
  if (name === '') {
    const ended = { ...state, to: undefined, unreadOf: new Map<string, number>() };
    if (state.to === undefined)
      return refuse(state, 'to needs a username: your lines go to nobody');
    return say(ended, `your lines are commands again, and do not go to ${state.to}`);
  }
  if (!hasUser(state)) return refuse(state, 'you must be logged in to send your lines to somebody');
  const problem = problemWith('recipient', name, undefined);
  if (problem !== undefined) return refuse(state, problem);
  const seen = new Map(state.unreadOf);
  seen.delete(name);
  return say(
    { ...state, to: name, unreadOf: seen },
    `your lines go to ${name}; a command begins with /, a message that does with //; /to ends it`,
  );
}

function reply(state: State, rest: string): Step {
  const { lastFrom } = state;
  if (lastFrom === undefined) return refuse(state, 'nobody has written yet');
  return trimBlanks(rest) === '' ? turnTo(state, lastFrom) : speakTo(state, lastFrom, rest);
}

function speakTo(state: State, recipient: string, body: string): Step {
  if (state.outage !== undefined) return refuseOffline(state);
  if (state.user === undefined) return refuse(state, 'you must be logged in to send a message');
  const problem = problemWith('message', body, undefined);
  if (problem !== undefined) return refuse(state, problem);
  const request: Request = { operation: 'send', recipient, body };
  return step({ ...state, request }, { type: 'request', request });
}

function showHistory(state: State, name: string): Step {
  const shown = { type: 'showHistory', name: name === '' ? undefined : name } as const;
  // All of it has what is in doubt.
  if (name === '') return step({ ...state, inDoubt: 0 }, shown);
  const seen = new Map(state.unreadOf);
  seen.delete(name);
  return step({ ...state, unreadOf: seen }, shown);
}

function set(state: State, rest: string): Step {
  const { word: name, rest: value } = splitLine(rest);
  if (name === '') return say(state, describeSettings(state.settings));
  const settings = changeSetting(state.settings, name, trimBlanks(value));
  if ('problem' in settings) return refuse(state, settings.problem);
  return say({ ...state, settings }, describeSettings(settings));
}

function remember({ state, effects }: Step, line: string): Step {
  return step(state, { type: 'remember', line }, ...effects);
}

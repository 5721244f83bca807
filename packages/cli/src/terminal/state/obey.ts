import {
  type CommandName,
  commands,
  type Draft,
  draftOf,
  type Field,
  findCommand,
  isSecret,
  lineOf,
  nearestCommand,
  splitLine,
  trimBlanks,
} from '../commands/command.ts';
import { problemWith, problemWithMissing, problemWithSecret } from '../commands/field.ts';
import { helpText, scriptingHelp } from '../commands/help.ts';
import type { JsonCommand } from '../commands/json-command.ts';
import { printable } from '../printable.ts';
import { converse, messageOf, speak } from './converse.ts';
import { refuseOffline } from './outage.ts';
import { loggedOut, type Question, type Request, type State } from './state.ts';
import { refuse, type Step, say, step } from './step.ts';

/** The secrets that a command of JSON names. */
type Secrets = Readonly<Record<'current' | 'secret', string>>;

/** A step, and whether the line asked to quit. */
export interface Obeyed extends Step {
  readonly quit?: boolean;
}

/** Acts on one line: the answer about a paste, or to a question, if one was asked, else a command. */
export function obey(state: State, line: string): Obeyed {
  if (state.pasted !== undefined) return takePasted(state, state.pasted, line);
  if (state.question !== undefined) return takeField(state, state.question, line);
  // An object of a program is a command, also while lines go to somebody.
  if (state.json !== undefined && trimBlanks(line).startsWith('{')) {
    return obeyJson(state, state.json(line));
  }
  const message = messageOf(state, line);
  if (message !== undefined && state.to !== undefined) return speak(state, state.to, message, line);
  const { word, rest } = splitLine(line);
  if (word === '' || (state.script && word.startsWith('#'))) return step(state);
  const command = findCommand(word);
  if (command === undefined) return refuseUnknown(state, trimBlanks(line), word);
  if (command === 'quit') return { ...step(state), quit: true };
  if (command === 'help') return help(state, trimBlanks(rest));
  return converse(state, command, rest) ?? pursue(state, draftOf(command, rest));
}

/** Acts on a command that came as JSON, which may have the secrets that no other line can say. */
function obeyJson(state: State, parsed: JsonCommand): Obeyed {
  if ('problem' in parsed) return refuse(state, parsed.problem);
  const { draft, secrets } = parsed;
  if (draft.command === 'quit') return { ...step(state), quit: true };
  if (draft.command === 'help') return help(state, '');
  if (draft.command === 'reply' && trimBlanks(draft.values.join('')) === '') {
    return refuse(state, problemWithMissing('reply', ['message']));
  }
  const said = converse(state, draft.command, draft.values.join(' '));
  if (said !== undefined) return said;
  return pursue(state, draft, secrets);
}

/** Tells if a line at a terminal asks to leave, where it is no answer to a question. */
export function isQuit(state: State, line: string): boolean {
  return messageOf(state, line) === undefined && findCommand(splitLine(line).word) === 'quit';
}

/** Takes a question back, and says so, if one was asked. */
export function cancel(state: State): Step {
  const { question, pasted } = state;
  if (pasted !== undefined) return dropPasted(state);
  if (question === undefined) return step(state);
  const unasked = { ...state, question: undefined };
  // Whoever was to be logged in again is not.
  const isOver = state.user === undefined && state.outage === undefined;
  return say(isOver ? loggedOut(unasked) : unasked, `${question.command} was cancelled`);
}

/** Acts on the lines of a paste if the answer is yes. */
function takePasted(state: State, pasted: readonly string[], answer: string): Step {
  if (!/^y(es)?$/i.test(trimBlanks(answer))) return dropPasted(state);
  return step({ ...state, pasted: undefined, ahead: [...pasted, ...state.ahead] });
}

function dropPasted(state: State): Step {
  return say({ ...state, pasted: undefined }, 'the paste was dropped; nothing was done');
}

function takeField(state: State, question: Question, line: string): Step {
  const { command, values, asks } = question;
  if (isSecret(asks)) return takeSecret(state, question, line);
  // A message keeps the spaces around it; nothing else that is asked for can have any.
  const value = asks === 'message' ? line : trimBlanks(line);
  if (value === '' && asks !== 'query') return cancel(state);
  return pursue({ ...state, question: undefined }, { command, values: [...values, value] });
}

/** Takes a secret as it was typed, spaces and all. An empty one takes the question back, or means none. */
function takeSecret(state: State, question: Question, secret: string): Step {
  const { command, values, asks } = question;
  const next = (field: Field) =>
    step({ ...state, question: { command, values: [...values, secret], asks: field } });
  if (asks === 'currentSecret') return next('newSecret');
  const [first = '', typed] = values;
  const removes = command === 'secret' && secret === '';
  if (secret === '' && !(removes && asks === 'newSecret')) return cancel(state);
  const unasked = { ...state, question: undefined };
  if (asks === 'newSecret' && !removes) {
    const problem = problemWithSecret(command === 'secret' ? (state.user ?? '') : first, secret);
    return problem === undefined ? next('sameSecret') : refuse(unasked, problem);
  }
  if (asks === 'sameSecret' && secret !== typed) {
    return refuse(unasked, 'the two are not the same; nothing was done');
  }
  const asked: Request =
    command === 'secret'
      ? { operation: 'secret', current: first, secret }
      : { operation: command === 'login' ? 'login' : 'register', username: first, secret };
  return request(unasked, asked);
}

/**
 * Refuses what can be refused here, asks for what is missing, or puts it to the server. A script is
 * asked nothing: the next line is its next command. There, to search for nothing is for everybody.
 */
function pursue(state: State, draft: Draft, secrets?: Secrets): Step {
  if (state.outage !== undefined) return remember(refuseOffline(state), draft);
  const misplaced = problemWithSession(state, draft.command);
  if (misplaced !== undefined) return remember(refuse(state, misplaced), draft);
  const { fields } = commands[draft.command];
  if (draft.command === 'secret') {
    if (secrets !== undefined) return request(state, { operation: 'secret', ...secrets });
    if (!state.hides) return refuse(state, cannotHide);
  }
  for (const [index, field] of fields.entries()) {
    const value = draft.values[index] ?? (state.script && field === 'query' ? '' : undefined);
    if (value === undefined) {
      if (!state.script) return step({ ...state, question: { ...draft, asks: field } });
      return refuse(state, problemWithMissing(draft.command, fields.slice(index)));
    }
    const problem = problemWith(field, value, state.user);
    if (problem !== undefined) return remember(refuse(state, problem), draft);
  }
  return remember(request(state, requestOf(draft, secrets)), draft);
}

function request(state: State, asked: Request): Step {
  if (state.outage !== undefined) return refuseOffline(state);
  return step({ ...state, request: asked }, { type: 'request', request: asked });
}

// Why no secret is asked for.
const cannotHide =
  'a secret cannot be typed here without being shown; name a file that has it with --secret-file when you start tandem chat';

function problemWithSession({ user }: State, command: CommandName): string | undefined {
  const { needs } = commands[command];
  if (needs === 'no session' && user !== undefined) {
    return `you are already logged in as ${user}, please log out first`;
  }
  if (needs === 'session' && user === undefined) return `you must be logged in ${purpose(command)}`;
  return undefined;
}

function purpose(command: CommandName): string {
  if (command === 'send') return 'to send a message';
  return purposes[command] ?? `to ${command} somebody`;
}

const purposes: Partial<Record<CommandName, string>> = {
  delete: 'to delete your account',
  logout: 'to log out',
  secret: 'to change your secret',
};

function requestOf(
  { command, values: [first = '', second = ''] }: Draft,
  secrets: Secrets | undefined,
): Request {
  switch (command) {
    case 'search':
      return { operation: command, query: first };
    case 'send':
      return { operation: command, recipient: first, body: second };
    case 'register':
    case 'login':
      return { operation: command, username: first, secret: secrets?.secret };
    case 'logout':
    case 'delete':
    case 'block':
    case 'unblock':
      return { operation: command, username: first };
    case 'secret':
    case 'to':
    case 'reply':
    case 'history':
    case 'set':
    case 'quit':
    case 'help':
      throw new Error(`${command} asks the server nothing`);
  }
}

function help(state: State, topic: string): Step {
  if (topic === '') {
    const text = state.script ? `${helpText()}\n\n${scriptingHelp}` : helpText();
    return remember(say(state, text), { command: 'help', values: [] });
  }
  const command = findCommand(topic);
  if (command === undefined) return refuseUnknown(state, `help ${topic}`, topic);
  return remember(say(state, helpText(command)), { command: 'help', values: [topic] });
}

function refuseUnknown(state: State, line: string, word: string): Step {
  const near = nearestCommand(word);
  const hint = near === undefined ? '' : `did you mean "${near}"? `;
  const shown = printable(word.length > 20 ? `${word.slice(0, 20)}...` : word);
  const refused = refuse(state, `there is no command "${shown}"; ${hint}"help" shows the commands`);
  return step(refused.state, { type: 'remember', line }, ...refused.effects);
}

function remember({ state, effects }: Step, draft: Draft): Step {
  return step(state, { type: 'remember', line: lineOf(draft) }, ...effects);
}

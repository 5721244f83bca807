import {
  type CommandName,
  commands,
  type Draft,
  draftOf,
  findCommand,
  lineOf,
  nearestCommand,
  splitLine,
  trimBlanks,
} from './command.ts';
import { problemWith, problemWithMissing } from './field.ts';
import { helpText, scriptingHelp } from './help.ts';
import { printable } from './printable.ts';
import type { Request, State } from './state.ts';
import { refuse, type Step, say, step } from './step.ts';

/** A step, and whether the line asked to quit. */
export interface Obeyed extends Step {
  readonly quit?: boolean;
}

/** Acts on one line: the answer to a question if one was asked, else a command. */
export function obey(state: State, line: string): Obeyed {
  if (state.question !== undefined) return takeAnswer(state, state.question, line);
  const { word, rest } = splitLine(line);
  if (word === '' || (state.script && word.startsWith('#'))) return step(state);
  const command = findCommand(word);
  if (command === undefined) return refuseUnknown(state, trimBlanks(line), word);
  if (command === 'quit') return { ...step(state), quit: true };
  if (command === 'help') return help(state, rest);
  return pursue(state, draftOf(command, rest));
}

/** Takes a question back, and says so, if one was asked. */
export function cancel(state: State): Step {
  const { question } = state;
  if (question === undefined) return step(state);
  return say({ ...state, question: undefined }, `${question.command} was cancelled`);
}

function takeAnswer(state: State, question: NonNullable<State['question']>, line: string): Step {
  const { command, values, asks } = question;
  // A message keeps the spaces around it; nothing else that is asked for can have any.
  const value = asks === 'message' ? line : trimBlanks(line);
  if (value === '' && asks !== 'query') return cancel(state);
  return pursue({ ...state, question: undefined }, { command, values: [...values, value] });
}

/**
 * Refuses what can be refused here, asks for what is missing, or puts it to the server. A script is
 * asked nothing: the next line is its next command. There, to search for nothing is for everybody.
 */
function pursue(state: State, draft: Draft): Step {
  const misplaced = problemWithSession(state, draft.command);
  if (misplaced !== undefined) return remember(refuse(state, misplaced), draft);
  const { fields } = commands[draft.command];
  for (const [index, field] of fields.entries()) {
    const value = draft.values[index] ?? (state.script && field === 'query' ? '' : undefined);
    if (value === undefined) {
      if (!state.script) return step({ ...state, question: { ...draft, asks: field } });
      return refuse(state, problemWithMissing(draft.command, fields.slice(index)));
    }
    const problem = problemWith(field, value, state.user);
    if (problem !== undefined) return remember(refuse(state, problem), draft);
  }
  const request = requestOf(draft);
  return remember(step({ ...state, request }, { type: 'request', request }), draft);
}

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
  return command === 'delete' ? 'to delete your account' : 'to log out';
}

function requestOf({ command, values: [first = '', second = ''] }: Draft): Request {
  switch (command) {
    case 'search':
      return { operation: command, query: first };
    case 'send':
      return { operation: command, recipient: first, body: second };
    case 'register':
    case 'login':
    case 'logout':
    case 'delete':
      return { operation: command, username: first };
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

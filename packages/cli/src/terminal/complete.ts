import { commandNames, commands, type Field, findCommand, splitLine } from './command.ts';
import type { State } from './state.ts';

/** What readline's completer returns: the candidates, and the part of the line that they replace. */
export type Completion = [candidates: string[], replaced: string];

/** More candidates than this are not listed: only what they have in common is filled in. */
const candidatesShownMax = 100;

/** Completes the line up to the cursor: commands first, then usernames where one is meant. */
export function complete(state: State, line: string): Completion {
  if (state.question !== undefined) {
    return offer(usernamesFor(state, state.question.asks), line);
  }
  const { word, rest } = splitLine(line);
  const commandIsTyped = rest !== '' || /\s$/.test(line);
  if (!commandIsTyped) return offer(commandNames.map(withSpace), word, word.toLowerCase());
  const command = findCommand(word);
  if (command === undefined || /\s/.test(rest) || (rest !== '' && /\s$/.test(line))) {
    return [[], line];
  }
  if (command === 'help') return offer(commandNames, rest, rest.toLowerCase());
  const field = commands[command].fields[0];
  if (command === 'register' || field === undefined) return [[], line];
  const names = usernamesFor(state, field);
  return offer(field === 'recipient' ? names.map((name) => `${name} `) : names, rest);
}

function withSpace(name: (typeof commandNames)[number]): string {
  return commands[name].fields.length > 0 ? `${name} ` : name;
}

/** A confirmation is there to be typed, so nothing is offered for it. */
function usernamesFor(state: State, field: Field): string[] {
  if (field === 'message' || field === 'confirmation') return [];
  return [...state.known].sort();
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

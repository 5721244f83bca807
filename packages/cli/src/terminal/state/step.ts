import type { Effect, Entry, State } from './state.ts';

/** The result of an event. */
export interface Step {
  readonly state: State;
  readonly effects: readonly Effect[];
}

/** A state, and what is to be done about it. */
export function step(state: State, ...effects: Effect[]): Step {
  return { state, effects };
}

/** Says what was done or is so. */
export function say(state: State, text: string): Step {
  return step(state, print({ kind: 'said', text }));
}

/**
 * Says what was not done and why; a script's exit code will tell.
 *
 * @param code the stable code of a failure, for programs
 */
export function refuse(state: State, text: string, code?: string): Step {
  const entry = code === undefined ? { text } : { text, code };
  return step({ ...state, failed: true }, print({ kind: 'refused', ...entry }));
}

function print(entry: Entry): Effect {
  return { type: 'print', entry };
}

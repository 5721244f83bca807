import { Status } from '@tandem/core';
import type { CompletedRequest, Entry } from '../state/state.ts';

const names = new Map<number, string>(Object.entries(Status).map(([name, code]) => [code, name]));

/**
 * Returns an entry as one line of JSON: the event, the time at which it came (UTC), and what belongs
 * to the event. `docs/CHAT.md` lists the members. JSON escapes what could steer a terminal.
 */
export function renderJson(entry: Entry, at: Date): string {
  return `${escaped(JSON.stringify({ event: eventOf(entry), time: at.toISOString(), ...membersOf(entry) }))}\n`;
}

function eventOf(entry: Entry): string {
  switch (entry.kind) {
    case 'outcome':
      return 'response';
    case 'message':
    case 'refused':
      return entry.kind;
    case 'said':
    case 'names':
    case 'seen':
      return 'said';
  }
}

function membersOf(entry: Entry): Record<string, unknown> {
  switch (entry.kind) {
    case 'message':
      return { from: entry.message.sender, body: entry.message.body };
    case 'said':
      return { text: entry.text };
    case 'names':
      return { usernames: entry.usernames };
    case 'seen':
      return { messages: entry.messages };
    case 'refused':
      return { status: entry.code ?? 'refused', text: entry.text };
    case 'outcome':
      return membersOfOutcome(entry.completed, entry.entries);
  }
}

function membersOfOutcome(
  completed: CompletedRequest,
  entries: readonly Entry[],
): Record<string, unknown> {
  const { operation, outcome } = completed;
  const { status: code, ...rest } = outcome;
  return {
    command: operation,
    ...argumentsOf(completed),
    ...rest,
    status: names.get(code) ?? 'unknown',
    code,
    ok: entries.every(({ kind }) => kind !== 'refused'),
    text: entries.flatMap((each) => ('text' in each ? [each.text] : [])).join('\n'),
  };
}

/** Returns what was asked for, without the secrets. */
function argumentsOf(completed: CompletedRequest): Record<string, unknown> {
  switch (completed.operation) {
    case 'secret':
      return {};
    case 'search':
      return { query: completed.query };
    case 'send':
      return { to: completed.recipient, body: completed.body };
    case 'register':
    case 'login':
    case 'block':
    case 'unblock':
    case 'logout':
    case 'delete':
      return { username: completed.username };
  }
}

/** Escapes what JSON allows in a string and a terminal may act upon: C1 controls, direction marks, separators. */
function escaped(json: string): string {
  return json.replace(/[\x7f\p{C}\p{Zl}\p{Zp}]/gu, (character) =>
    Array.from({ length: character.length }, (_, at) => character.charCodeAt(at))
      .map((unit) => `\\u${unit.toString(16).padStart(4, '0')}`)
      .join(''),
  );
}

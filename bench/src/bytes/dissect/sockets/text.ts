import { Operation, Status } from '@tandem/core';
import type { Annotator } from '../annotator.ts';

/** A text that stands in a frame, between separators. */
type Names = readonly string[];

// [P-3.1]
const requestTexts: Readonly<Record<number, Names>> = {
  [Operation.register]: ['username'],
  [Operation.login]: ['username'],
  [Operation.search]: ['query'],
  [Operation.send]: ['sender', 'recipient', 'body'],
  [Operation.logout]: ['username'],
  [Operation.delete]: ['username'],
  [Operation.acknowledge]: ['count'],
  [Operation.loginWithSecret]: ['username', 'secret'],
  [Operation.registerWithSecret]: ['username', 'secret'],
  [Operation.resume]: ['username', 'token', 'count'],
  [Operation.changeSecret]: ['username', 'current secret', 'new secret'],
  [Operation.block]: ['username', 'name'],
  [Operation.unblock]: ['username', 'name'],
} satisfies Record<Operation, Names>;

// [P-3.2]
const responseTexts: ReadonlyMap<number, Names> = new Map<number, Names>([
  [Status.loggedInUnread, ['sender', 'body']],
  [Status.loggedInMore, ['sender', 'body']],
  [Status.incoming, ['sender', 'body']],
  [Status.resumable, ['token']],
  [Status.secretChanged, ['token']],
  [Status.tooManyTries, ['seconds']],
]);

/** Annotates the content of a request of either socket dialect. [P-3.1] */
export function annotateRequestText(operation: number, text: string, annotator: Annotator): void {
  annotateText(text, requestTexts[operation] ?? ['text'], annotator);
}

/** Annotates the content of a response or push of either socket dialect. [P-3.2] */
export function annotateResponseText(status: number, text: string, annotator: Annotator): void {
  annotateText(text, responseTexts.get(status) ?? ['username'], annotator);
}

/** A text of the content in words: `username "alice"`. A token is another one each time. */
export function textWords(name: string, text: string): string {
  return `${name} "${text}"${/token$/.test(name) ? ', random' : ''}`;
}

// They belong to the protocol; no user wrote them.
const counts: Names = ['count', 'seconds'];

function annotateText(text: string, names: Names, annotator: Annotator): void {
  // Every second piece is a separator.
  for (const [at, piece] of text.split(/([|\n])/).entries()) {
    const name = names[(at / 2) % names.length] ?? '';
    if (at % 2 === 1) {
      annotator.add('separators', piece.length, piece === '|' ? 'separator |' : 'newline');
    } else {
      const layer = counts.includes(name) ? 'framing' : 'content';
      annotator.add(layer, piece.length, textWords(name, piece));
    }
  }
}

/** An operation in words: `4: send`. */
export function operationWords(operation: number): string {
  return codeWords(Operation, operation);
}

/** A status in words: `24: delivered`. */
export function statusWords(status: number): string {
  return codeWords(Status, status);
}

function codeWords(codes: Readonly<Record<string, number>>, code: number): string {
  const [name] = Object.entries(codes).find(([, value]) => value === code) ?? [];
  if (name === undefined) return String(code);
  return `${code}: ${name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`)}`;
}

import { ChatError, Status } from '@tandem/core';

/** An operation with a response. */
export interface Outcome {
  readonly kind: 'search' | 'send';
  readonly status: Status;
}

const expected: Readonly<Record<Outcome['kind'], readonly Status[]>> = {
  search: [Status.found, Status.foundCut],
  // The message is stored, since the recipient's connection is broken at the moment.
  send: [Status.delivered, Status.stored],
};

/** Returns true if the operation succeeded; any other status is a refusal. */
export function isExpected({ kind, status }: Outcome): boolean {
  return expected[kind].includes(status);
}

/** A status with its name: `27 (send failed)`. */
export function statusWords(status: Status): string {
  return `${status} (${statusName(status).replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`)})`;
}

/** The name of a status in the code: `sendFailed`. */
export function statusName(status: Status): string {
  return Object.entries(Status).find(([, code]) => code === status)?.[0] ?? 'unknown';
}

/** An operation that was due and never sent, because too many were waiting. */
export class NotSentError extends Error {
  override readonly message =
    'too many operations were waiting to be sent: the server does not keep up with the rate';
}

/** Returns an error's kind, which is stable, and its text, which is for people. */
export function errorOf(error: unknown): { readonly kind: string; readonly text: string } {
  const text = error instanceof Error ? error.message : String(error);
  if (error instanceof NotSentError) return { kind: 'not-sent', text };
  return { kind: error instanceof ChatError ? error.code : 'unexpected-response', text };
}

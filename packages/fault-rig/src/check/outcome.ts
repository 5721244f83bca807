import { Status } from '@tandem/core';
import type { Operation } from '../history/history.ts';

/** The statuses that a client may give by itself, without asking the server. */
const refusedHere: ReadonlySet<number> = new Set<Status>([
  Status.notLoggedIn,
  Status.invalidContent,
]);

const changes: ReadonlySet<number> = new Set<Status>([
  Status.registered,
  Status.deleted,
  Status.delivered,
  Status.stored,
]);

const unknowns: ReadonlySet<number> = new Set<Status>([Status.sendFailed, Status.unknownError]);

const inSession: ReadonlySet<number> = new Set<Status>([
  Status.delivered,
  Status.stored,
  Status.noSuchUser,
  Status.sendFailed,
  Status.mailboxFull,
  Status.loggedOut,
  Status.deleted,
  Status.sessionInUse,
]);

/** Returns whether a register, a send or a delete has certainly changed something. */
export function applied({ status }: Operation): boolean {
  return status !== undefined && changes.has(status);
}

/**
 * Returns whether it may have changed something: without a response, and after 27 or 127, a client
 * cannot know. [P-4]
 */
export function mayHaveApplied(operation: Operation): boolean {
  const { status } = operation;
  return status === undefined || unknowns.has(status) || applied(operation);
}

/** Returns whether a login or a resume began a session. */
export function loggedIn({ name, status }: Operation): boolean {
  if (name !== 'login' && name !== 'resume') return false;
  return status === Status.loggedIn || status === Status.loggedInUnread;
}

/** Returns true if the response shows that its session existed when the server took the request. */
export function provesSession({ session, status }: Operation): boolean {
  return session !== '' && status !== undefined && inSession.has(status);
}

/** Returns whether the response confirms the acknowledgements before it. [P-5.2] */
export function confirms({ session, status }: Operation): boolean {
  if (session === '' || status === undefined || status === Status.unknownError) return false;
  return !refusedHere.has(status);
}

import { Status } from '@tandem/core';
import type { FaultKind } from '../history/event.ts';
import type { Operation } from '../history/history.ts';
import type { Evidence, SessionRecord } from './evidence.ts';
import { loggedIn } from './outcome.ts';
import type { Violation } from './violation.ts';

/** Checks that what a resume named as taken does not come again, whatever the server went through meanwhile. [P-4.9] */
export function checkResumed(evidence: Evidence): Violation[] {
  return [...evidence.sessions.values()].flatMap(({ login }) => {
    const resumed = evidence.sessions.get(login.resumes ?? '');
    if (resumed === undefined || mayForget(evidence, resumed, login)) return [];
    const said = new Map(
      resumed.takings
        .slice(0, leastSaid(evidence, login))
        .map((taking) => [taking.message, taking]),
    );
    const again = evidence.sessionsOf(login.user).flatMap((session) => {
      const isLater = session.login === login || session.login.startMs > login.endMs;
      return isLater ? session.takings.filter(({ message }) => said.has(message)) : [];
    })[0];
    const taking = said.get(again?.message ?? '');
    const into = evidence.sessions.get(again?.session ?? '')?.login;
    if (again === undefined || taking === undefined || into === undefined) return [];
    const what = `${login.user} received ${again.message} again, though a resume said that it was taken`;
    const operations = [...new Set([resumed.login, login, into])];
    // The count also names the messages before it.
    const before = resumed.takings.slice(0, resumed.takings.indexOf(taking) + 1);
    return [{ rule: 'resumed-again', what, operations, takings: [...before, again] }];
  });
}

// The clients say how many messages they have got, so no count is too high.
const refusals: ReadonlySet<number | undefined> = new Set([
  Status.notResumable,
  Status.badOperation,
]);

/** Checks that a token resumes its session until something ends the session. [P-4.9] */
export function checkResumable(evidence: Evidence): Violation[] {
  return evidence.operations.flatMap((resume) => {
    const resumed = evidence.sessions.get(resume.resumes ?? '')?.login;
    if (!refusals.has(resume.status) || resumed?.token === undefined) return [];
    const ended = evidence.sessionRequestsOf(resume.user).some((other) => {
      if (other === resume || other === resumed || other.resumes === resumed.id) return false;
      return mayChange(other) && other.endMs > resumed.startMs && other.startMs < resume.endMs;
    });
    if (ended) return [];
    const what = `${resume.user} could not resume a session that nothing had ended`;
    return [{ rule: 'session-lost', what, operations: [resumed, resume], takings: [] }];
  });
}

// When a server cannot store a message, the places of those behind it may be too high.
const spoils: ReadonlySet<FaultKind> = new Set<FaultKind>(['fill disk', 'break disk']);

/** Returns true if the server may remove less than the resume names. */
function mayForget(evidence: Evidence, { login }: SessionRecord, resume: Operation): boolean {
  return evidence.faults.some(
    ({ fault, atMs, throughMs = Number.POSITIVE_INFINITY }) =>
      spoils.has(fault) && atMs < resume.endMs && throughMs > login.startMs,
  );
}

// Of several resumes with one token, the first may be one without a response.
function leastSaid(evidence: Evidence, { user, resumes, startMs }: Operation): number {
  const counts = evidence
    .sessionRequestsOf(user)
    .filter((other) => other.resumes === resumes && other.startMs <= startMs)
    .map(({ taken }) => taken ?? 0);
  return Math.min(...counts);
}

function mayChange(operation: Operation): boolean {
  const { status } = operation;
  if (status === undefined || status === Status.unknownError) return true;
  return loggedIn(operation) || status === Status.loggedOut || status === Status.deleted;
}

import type { Operation } from '../history/history.ts';
import type { Evidence, SessionRecord } from './evidence.ts';
import { provesSession } from './outcome.ts';
import type { Violation } from './violation.ts';

/** Checks that a user has at most one session, on all transports together. [P-5.1] */
export function checkSessions(evidence: Evidence): Violation[] {
  return [...evidence.users].flatMap((user) => {
    const lives = evidence.sessionsOf(user).map(lifeOf);
    return lives.flatMap((life, i) => {
      const other = lives.slice(i + 1).find((later) => wereTogether(life, later));
      return other === undefined ? [] : [twoSessions(user, life, other)];
    });
  });
}

/** The time in which a session certainly existed: from its login's response to the last request that shows it. */
interface Life {
  readonly login: Operation;
  readonly last: Operation | undefined;
  readonly fromMs: number;
  readonly throughMs: number;
}

function lifeOf({ login, operations }: SessionRecord): Life {
  const last = operations.findLast(provesSession);
  return { login, last, fromMs: login.endMs, throughMs: last?.startMs ?? login.endMs };
}

function wereTogether(a: Life, b: Life): boolean {
  const overlap = Math.max(a.fromMs, b.fromMs) < Math.min(a.throughMs, b.throughMs);
  return overlap || beganWithin(b, a) || beganWithin(a, b);
}

/** Returns true if the login was certainly carried out while the other session existed. */
function beganWithin({ login }: Life, other: Life): boolean {
  return other.fromMs <= login.startMs && login.endMs <= other.throughMs;
}

function twoSessions(user: string, a: Life, b: Life): Violation {
  const operations = [a.login, b.login, a.last, b.last].filter((part) => part !== undefined);
  return {
    rule: 'two-sessions',
    what: `${user} had two sessions at once`,
    operations: operations.sort((one, other) => one.startMs - other.startMs),
    takings: [],
  };
}

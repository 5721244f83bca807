import type { History } from '../history/history.ts';
import { checkAccounts } from './accounts.ts';
import { Evidence } from './evidence.ts';
import { checkLost } from './lost.ts';
import { checkDeleted, checkInvented, checkRepeated, checkReturned } from './messages.ts';
import { checkOrder } from './order.ts';
import { checkResumable, checkResumed } from './resumes.ts';
import { checkSessions } from './sessions.ts';
import type { Violation } from './violation.ts';

const rules: readonly ((evidence: Evidence) => Violation[])[] = [
  checkLost,
  checkInvented,
  checkRepeated,
  checkReturned,
  checkDeleted,
  checkOrder,
  checkSessions,
  checkResumed,
  checkResumable,
  checkAccounts,
];

/**
 * Returns every violation that a history proves. A history that may be correct, because of missing responses or
 * because of requests that overlap, counts as correct: there are no false alarms.
 */
export function check(history: History): Violation[] {
  const evidence = new Evidence(history);
  return rules.flatMap((rule) => rule(evidence));
}

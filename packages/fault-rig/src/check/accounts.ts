import { Status } from '@tandem/core';
import type { Operation } from '../history/history.ts';
import type { Evidence } from './evidence.ts';
import { applied, mayHaveApplied } from './outcome.ts';
import type { Violation } from './violation.ts';

/** Checks that an account exists from its confirmation until a possible delete, and the reverse. [P-4.1] [P-4.6] */
export function checkAccounts(evidence: Evidence): Violation[] {
  return evidence.operations.flatMap((operation) => {
    const claim = claimOf(operation);
    if (claim === undefined) return [];
    const { user, exists } = claim;
    const proof = exists
      ? certainlyAbsent(evidence, user, operation)
      : certainlyThere(evidence, user, operation);
    return proof === undefined ? [] : [contradiction(operation, claim, proof)];
  });
}

interface Claim {
  readonly user: string;
  /** The state of the account when the request was carried out, by its response. */
  readonly exists: boolean;
}

function claimOf({ name, user, to, status }: Operation): Claim | undefined {
  switch (status) {
    case Status.registered:
    case Status.notRegistered:
    // Every client of the rig has the right secret.
    case Status.wrongSecret:
      return { user, exists: false };
    case Status.noSuchUser:
      return { user: to ?? '', exists: false };
    case Status.usernameTaken:
    case Status.loggedIn:
    case Status.loggedInUnread:
    case Status.alreadyLoggedIn:
      return { user, exists: true };
    case Status.delivered:
    case Status.stored:
      return { user: to ?? '', exists: true };
    case Status.deleted:
      return name === 'delete' ? { user, exists: true } : undefined;
    default:
      return undefined;
  }
}

/** The register after which nothing can have deleted the account before the response to `by`. */
function certainlyThere(evidence: Evidence, user: string, by: Operation): Operation | undefined {
  return lastCertain(evidence.registersOf(user), evidence.deletesOf(user), by);
}

/** The delete after which nothing can have made the account before the response to `by`. */
function certainlyAbsent(evidence: Evidence, user: string, by: Operation): Operation | undefined {
  return lastCertain(evidence.deletesOf(user), evidence.registersOf(user), by);
}

function lastCertain(
  makers: readonly Operation[],
  unmakers: readonly Operation[],
  by: Operation,
): Operation | undefined {
  const maker = makers.findLast((other) => applied(other) && other.endMs < by.startMs);
  if (maker === undefined) return undefined;
  const undone = unmakers.some(
    (other) => mayHaveApplied(other) && other.endMs > maker.startMs && other.startMs < by.endMs,
  );
  return undone ? undefined : maker;
}

function contradiction(operation: Operation, { user, exists }: Claim, proof: Operation): Violation {
  const operations = [proof, operation];
  const response = `a ${operation.name} was answered ${operation.status}`;
  if (exists) {
    const what = `${user} was deleted and not registered since, but ${response}`;
    return { rule: 'account-returned', what, operations, takings: [] };
  }
  const what = `${user} was registered and not deleted since, but ${response}`;
  const rule = operation.status === Status.registered ? 'account-twice' : 'account-lost';
  return { rule, what, operations, takings: [] };
}

import type { FaultEvent, OperationName } from '../history/event.ts';
import type { History, Operation, Taking } from '../history/history.ts';
import { loggedIn } from './outcome.ts';

/** A session, as its client saw it. */
export interface SessionRecord {
  readonly login: Operation;
  readonly user: string;
  /** The requests of the session, in order. */
  readonly operations: readonly Operation[];
  /** The messages taken in the session, in order. */
  readonly takings: readonly Taking[];
}

/** A history with the look-ups that the rules need. */
export class Evidence {
  /** Sessions whose login has a response, by the id of the login, in the order of their logins. */
  readonly sessions: ReadonlyMap<string, SessionRecord>;
  /** Sends by the id of their message. */
  readonly sends: ReadonlyMap<string, Operation>;
  readonly takings: readonly Taking[];
  readonly operations: readonly Operation[];
  readonly faults: readonly FaultEvent[];
  readonly #sessionsOf: ReadonlyMap<string, readonly SessionRecord[]>;
  readonly #sendsTo: ReadonlyMap<string, readonly Operation[]>;
  readonly #takingsOf: ReadonlyMap<string, readonly Taking[]>;
  readonly #sessionRequestsOf: ReadonlyMap<string, readonly Operation[]>;
  readonly #accountChanges: ReadonlyMap<string, readonly Operation[]>;

  constructor({ operations, takings, faults }: History) {
    this.operations = operations;
    this.faults = faults;
    this.takings = takings;
    this.sessions = sessionsOf(operations, takings);
    this.#sessionsOf = Map.groupBy(this.sessions.values(), ({ user }) => user);
    const sends = operations.filter(({ name }) => name === 'send');
    this.sends = new Map(sends.map((send) => [send.message ?? '', send]));
    this.#sendsTo = Map.groupBy(sends, ({ to }) => to ?? '');
    this.#takingsOf = Map.groupBy(takings, ({ message }) => message);
    const requests = operations.filter(({ name }) => sessionRequests.has(name));
    this.#sessionRequestsOf = Map.groupBy(requests, ({ user }) => user);
    const changes = operations.filter(({ name }) => name === 'register' || name === 'delete');
    this.#accountChanges = Map.groupBy(changes, ({ user }) => user);
  }

  sessionsOf(user: string): readonly SessionRecord[] {
    return this.#sessionsOf.get(user) ?? [];
  }

  sendsTo(user: string): readonly Operation[] {
    return this.#sendsTo.get(user) ?? [];
  }

  takingsOf(message: string): readonly Taking[] {
    return this.#takingsOf.get(message) ?? [];
  }

  /** The requests that begin or end sessions of a user, with or without a response. */
  sessionRequestsOf(user: string): readonly Operation[] {
    return this.#sessionRequestsOf.get(user) ?? [];
  }

  registersOf(user: string): readonly Operation[] {
    return (this.#accountChanges.get(user) ?? []).filter(({ name }) => name === 'register');
  }

  deletesOf(user: string): readonly Operation[] {
    return (this.#accountChanges.get(user) ?? []).filter(({ name }) => name === 'delete');
  }

  /** Every user who received a message, registered or logged in. */
  get users(): ReadonlySet<string> {
    return new Set(this.operations.flatMap(({ user, to }) => [user, to ?? user]));
  }
}

const sessionRequests: ReadonlySet<OperationName> = new Set<OperationName>([
  'login',
  'resume',
  'logout',
  'delete',
]);

function sessionsOf(
  operations: readonly Operation[],
  takings: readonly Taking[],
): Map<string, SessionRecord> {
  const operationsIn = Map.groupBy(operations, ({ session }) => session);
  const takingsIn = Map.groupBy(takings, ({ session }) => session);
  return new Map(
    operations.filter(loggedIn).map((login) => [
      login.id,
      {
        login,
        user: login.user,
        operations: operationsIn.get(login.id) ?? [],
        takings: takingsIn.get(login.id) ?? [],
      },
    ]),
  );
}

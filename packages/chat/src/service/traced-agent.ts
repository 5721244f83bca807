import { type Operation, Status } from '@tandem/core';
import type { Asker, Origin } from '../scheduling/fair-queue.ts';
import type { Operations } from './backend.ts';
import { ClientAgent, type LoginResult } from './client-agent.ts';
import type { Receiver } from './session.ts';

/** An operation as a trace names it. */
export type TracedName = keyof typeof Operation | 'unknown';

/** An operation in a log. It has no content that a client sent. */
export interface TracedOperation {
  readonly operation: TracedName;
  readonly status: Status;
  /** The user who was logged in at the request, or is now. */
  readonly user: string | undefined;
  /** The time from the request to its outcome, in milliseconds. */
  readonly ms: number;
}

/** A trace of all operations of a client. Its methods return at once and do not throw. */
export interface Trace {
  /** Tells if an operation that begins is to be timed: to read the clock costs as much as to count. */
  times(operation: TracedName): boolean;
  /** Takes an operation when its outcome is known, and its milliseconds; undefined if it was not timed. */
  tell(
    operation: TracedName,
    status: Status,
    ms: number | undefined,
    user: string | undefined,
  ): void;
}

/** Returns a trace that tells another one and a log, which wants the time of each; undefined for neither. */
export function bothTraces(
  trace: Trace | undefined,
  log: ((operation: TracedOperation) => void) | undefined,
): Trace | undefined {
  if (log === undefined) return trace;
  return {
    times: () => true,
    tell(operation, status, ms = 0, user) {
      trace?.tell(operation, status, ms, user);
      log({ operation, status, user, ms });
    },
  };
}

/** A client agent that traces each operation. */
export class TracedAgent extends ClientAgent {
  readonly #trace: Trace;

  /** Use `ChatService.connect`. */
  constructor(service: Operations, receiver: Receiver, origin: Origin, trace: Trace) {
    super(service, receiver, origin);
    this.#trace = trace;
  }

  override register(username: string, secret?: string) {
    const operation = secret === undefined ? 'register' : 'registerWithSecret';
    return this.#traced(operation, this.#begin(operation), super.register(username, secret));
  }

  override loginWithSecret(username: string, secret: string): Promise<LoginResult> {
    const beginMs = this.#begin('loginWithSecret');
    return this.#traced('loginWithSecret', beginMs, super.loginWithSecret(username, secret));
  }

  override resume(
    username: string,
    token: string,
    count: number | undefined,
  ): Promise<LoginResult> {
    return this.#traced('resume', this.#begin('resume'), super.resume(username, token, count));
  }

  override changeSecret(username: string, current: string, secret: string) {
    const beginMs = this.#begin('changeSecret');
    return this.#traced('changeSecret', beginMs, super.changeSecret(username, current, secret));
  }

  override setBlocked(username: string, name: string, blocked: boolean) {
    const operation = blocked ? 'block' : 'unblock';
    return this.#traced(
      operation,
      this.#begin(operation),
      super.setBlocked(username, name, blocked),
    );
  }

  override login(username: string): Promise<LoginResult> {
    return this.#traced('login', this.#begin('login'), super.login(username));
  }

  override search(query: string, asker: Asker = this) {
    return this.#tracedAtOnce('search', this.#begin('search'), super.search(query, asker));
  }

  override send(sender: string, recipient: string, body: string) {
    return this.#tracedAtOnce('send', this.#begin('send'), super.send(sender, recipient, body));
  }

  override logout(username: string) {
    const user = this.username;
    return this.#traced('logout', this.#begin('logout'), super.logout(username), user);
  }

  override delete(username: string) {
    const user = this.username;
    return this.#traced('delete', this.#begin('delete'), super.delete(username), user);
  }

  override acknowledge(count: number): boolean {
    const beginMs = this.#begin('acknowledge');
    const isTrue = super.acknowledge(count);
    const status = isTrue ? Status.acknowledged : Status.badOperation;
    this.#tell('acknowledge', beginMs, status, this.username);
    return isTrue;
  }

  override refuseOperation() {
    const status = super.refuseOperation();
    this.#tell('unknown', this.#begin('unknown'), status, this.username);
    return status;
  }

  /** Returns the time at which an operation begins, in milliseconds; undefined when it is not timed. */
  #begin(operation: TracedName): number | undefined {
    return this.#trace.times(operation) ? performance.now() : undefined;
  }

  /** Tells of an outcome when it is known, and returns what was pending: nobody waits for the trace. */
  #traced<Outcome extends { readonly status: Status }>(
    operation: TracedName,
    beginMs: number | undefined,
    pending: Promise<Outcome>,
    user?: string,
  ): Promise<Outcome> {
    pending.then(({ status }) => {
      this.#tell(operation, beginMs, status, user ?? this.username);
    }, neverRejects);
    return pending;
  }

  #tracedAtOnce<Outcome extends { readonly status: Status }>(
    operation: TracedName,
    beginMs: number | undefined,
    outcome: Outcome | Promise<Outcome>,
  ): Outcome | Promise<Outcome> {
    if (outcome instanceof Promise) return this.#traced(operation, beginMs, outcome);
    this.#tell(operation, beginMs, outcome.status, this.username);
    return outcome;
  }

  #tell(
    operation: TracedName,
    beginMs: number | undefined,
    status: Status,
    user: string | undefined,
  ): void {
    const ms = beginMs === undefined ? undefined : performance.now() - beginMs;
    this.#trace.tell(operation, status, ms, user);
  }
}

// Who asked for the operation gets the error that the agent promised not to have.
function neverRejects(): void {}

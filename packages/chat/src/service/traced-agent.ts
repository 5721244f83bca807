import { type Operation, Status } from '@tandem/core';
import type { Origin } from '../scheduling/fair-queue.ts';
import type { Asker } from '../search/search-queue.ts';
import { ClientAgent, type LoginResult, type Operations } from './client-agent.ts';
import type { Receiver } from './session.ts';

/** The trace of an operation. It has no content that a client sent. */
export interface TracedOperation {
  readonly operation: keyof typeof Operation | 'unknown';
  readonly status: Status;
  /** The user who was logged in at the request, or is now. */
  readonly user: string | undefined;
  /** The time from the request to its outcome, in milliseconds. */
  readonly ms: number;
}

/** Called for each operation when its outcome is known. It returns at once and does not throw. */
export type Trace = (operation: TracedOperation) => void;

/** Returns a trace that tells both; undefined for none. */
export function bothTraces(one: Trace | undefined, other: Trace | undefined): Trace | undefined {
  if (one === undefined || other === undefined) return one ?? other;
  return (operation) => {
    one(operation);
    other(operation);
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
    return this.#traced(operation, performance.now(), super.register(username, secret));
  }

  override loginWithSecret(username: string, secret: string): Promise<LoginResult> {
    const beginMs = performance.now();
    return this.#traced('loginWithSecret', beginMs, super.loginWithSecret(username, secret));
  }

  override resume(
    username: string,
    token: string,
    count: number | undefined,
  ): Promise<LoginResult> {
    return this.#traced('resume', performance.now(), super.resume(username, token, count));
  }

  override changeSecret(username: string, current: string, secret: string) {
    const beginMs = performance.now();
    return this.#traced('changeSecret', beginMs, super.changeSecret(username, current, secret));
  }

  override setBlocked(username: string, name: string, blocked: boolean) {
    const operation = blocked ? 'block' : 'unblock';
    return this.#traced(operation, performance.now(), super.setBlocked(username, name, blocked));
  }

  override login(username: string): Promise<LoginResult> {
    return this.#traced('login', performance.now(), super.login(username));
  }

  override search(query: string, asker: Asker = this) {
    const beginMs = performance.now();
    const outcome = super.search(query, asker);
    if (outcome instanceof Promise) return this.#traced('search', beginMs, outcome);
    this.#tell('search', beginMs, outcome.status, this.username);
    return outcome;
  }

  override send(sender: string, recipient: string, body: string) {
    return this.#traced('send', performance.now(), super.send(sender, recipient, body));
  }

  override logout(username: string) {
    const user = this.username;
    return this.#traced('logout', performance.now(), super.logout(username), user);
  }

  override delete(username: string) {
    const user = this.username;
    return this.#traced('delete', performance.now(), super.delete(username), user);
  }

  override acknowledge(count: number): boolean {
    const beginMs = performance.now();
    const isTrue = super.acknowledge(count);
    const status = isTrue ? Status.acknowledged : Status.badOperation;
    this.#tell('acknowledge', beginMs, status, this.username);
    return isTrue;
  }

  override refuseOperation() {
    const status = super.refuseOperation();
    this.#tell('unknown', performance.now(), status, this.username);
    return status;
  }

  /** Tells of an outcome when it is known, and returns what was pending: nobody waits for the trace. */
  #traced<Outcome extends { readonly status: Status }>(
    operation: TracedOperation['operation'],
    beginMs: number,
    pending: Promise<Outcome>,
    user?: string,
  ): Promise<Outcome> {
    pending.then(({ status }) => {
      this.#tell(operation, beginMs, status, user ?? this.username);
    }, neverRejects);
    return pending;
  }

  #tell(
    operation: TracedOperation['operation'],
    beginMs: number,
    status: Status,
    user: string | undefined,
  ): void {
    this.#trace({ operation, status, user, ms: performance.now() - beginMs });
  }
}

// Who asked for the operation gets the error that the agent promised not to have.
function neverRejects(): void {}

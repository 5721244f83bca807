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
}

/** Called for each operation when its outcome is known. */
export type Trace = (operation: TracedOperation) => void;

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
    return this.#traced(operation, super.register(username, secret));
  }

  override loginWithSecret(username: string, secret: string): Promise<LoginResult> {
    return this.#traced('loginWithSecret', super.loginWithSecret(username, secret));
  }

  override resume(
    username: string,
    token: string,
    count: number | undefined,
  ): Promise<LoginResult> {
    return this.#traced('resume', super.resume(username, token, count));
  }

  override changeSecret(username: string, current: string, secret: string) {
    return this.#traced('changeSecret', super.changeSecret(username, current, secret));
  }

  override setBlocked(username: string, name: string, blocked: boolean) {
    const operation = blocked ? 'block' : 'unblock';
    return this.#traced(operation, super.setBlocked(username, name, blocked));
  }

  override login(username: string): Promise<LoginResult> {
    return this.#traced('login', super.login(username));
  }

  override search(query: string, asker: Asker = this) {
    const outcome = super.search(query, asker);
    if (outcome instanceof Promise) return this.#traced('search', outcome);
    this.#tell('search', outcome.status, this.username);
    return outcome;
  }

  override send(sender: string, recipient: string, body: string) {
    return this.#traced('send', super.send(sender, recipient, body));
  }

  override logout(username: string) {
    const user = this.username;
    return this.#traced('logout', super.logout(username), user);
  }

  override delete(username: string) {
    const user = this.username;
    return this.#traced('delete', super.delete(username), user);
  }

  override acknowledge(count: number): boolean {
    const isTrue = super.acknowledge(count);
    this.#tell('acknowledge', isTrue ? Status.acknowledged : Status.badOperation, this.username);
    return isTrue;
  }

  override refuseOperation() {
    const status = super.refuseOperation();
    this.#tell('unknown', status, this.username);
    return status;
  }

  async #traced<Outcome extends { readonly status: Status }>(
    operation: TracedOperation['operation'],
    pending: Promise<Outcome>,
    user?: string,
  ): Promise<Outcome> {
    const outcome = await pending;
    this.#tell(operation, outcome.status, user ?? this.username);
    return outcome;
  }

  #tell(operation: TracedOperation['operation'], status: Status, user: string | undefined): void {
    this.#trace({ operation, status, user });
  }
}

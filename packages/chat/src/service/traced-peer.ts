import { type Operation, Status } from '@tandem/core';
import type { Origin } from '../scheduling/origin.ts';
import type { Asker } from '../search/search-queue.ts';
import { type LoginResult, type Operations, Peer } from './peer.ts';
import type { Receiver } from './session.ts';

/** An operation that was answered: nothing of what it said, only what came of it. */
export interface TracedOperation {
  readonly operation: keyof typeof Operation | 'unknown';
  readonly status: Status;
  /** Who was logged in when it was asked, or is now. */
  readonly user: string | undefined;
}

/** Is told of each operation when its outcome is known. */
export type Trace = (operation: TracedOperation) => void;

/** A peer that tells of each operation. */
export class TracedPeer extends Peer {
  readonly #trace: Trace;

  /** Use `ChatService.connect`. */
  constructor(service: Operations, receiver: Receiver, origin: Origin, trace: Trace) {
    super(service, receiver, origin);
    this.#trace = trace;
  }

  override register(username: string) {
    return this.#traced('register', super.register(username));
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
    answer: Promise<Outcome>,
    user?: string,
  ): Promise<Outcome> {
    const outcome = await answer;
    this.#tell(operation, outcome.status, user ?? this.username);
    return outcome;
  }

  #tell(operation: TracedOperation['operation'], status: Status, user: string | undefined): void {
    this.#trace({ operation, status, user });
  }
}

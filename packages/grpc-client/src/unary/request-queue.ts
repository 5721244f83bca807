import { type ChatError, type ClientRequest, Fifo, Operation, PendingRequest } from '@tandem/core';
import type { UnaryCall } from './call.ts';
import type { Confirmation, UnarySession } from './session.ts';

/**
 * The use that an operation makes of the session: it begins or ends one, takes place in one, may have to
 * where the server wants it so, or takes place in none.
 */
type SessionUse = 'begins' | 'ends' | 'in' | 'perhaps in' | 'in none';

const sessionUses: Readonly<Record<ClientRequest['operation'], SessionUse>> = {
  [Operation.register]: 'in none',
  [Operation.login]: 'begins',
  // [P-4.3]
  [Operation.search]: 'perhaps in',
  [Operation.send]: 'in',
  [Operation.logout]: 'ends',
  [Operation.delete]: 'ends',
  [Operation.loginWithSecret]: 'begins',
  [Operation.registerWithSecret]: 'in none',
  [Operation.resume]: 'begins',
  [Operation.changeSecret]: 'in',
  [Operation.block]: 'in',
  [Operation.unblock]: 'in',
};

/**
 * The requests that wait, and those that are under way. Requests may overlap, except those that change
 * the session: they wait for all earlier requests, and all later ones wait for them.
 */
export class RequestQueue {
  readonly #waiting = new Fifo<UnaryRequest>();
  readonly #underWay = new Set<UnaryRequest>();
  #changing: UnaryRequest | undefined;

  /** True while a request has no outcome. */
  get pending(): boolean {
    return this.#underWay.size > 0 || this.#waiting.length > 0;
  }

  /** The request under way that changes the session. */
  get changing(): UnaryRequest | undefined {
    return this.#changing;
  }

  /** Adds a request. */
  push(request: UnaryRequest): void {
    this.#waiting.push(request);
  }

  /** Takes the next request if it may be made now; it is under way from then on. */
  next(session: UnarySession | undefined): UnaryRequest | undefined {
    const request = this.#waiting.peek();
    if (request === undefined || this.#changing !== undefined) return undefined;
    if (request.changesSession) {
      if (this.#underWay.size > 0) return undefined;
      // Acknowledgements have to arrive before the end of their session. [P-5.2]
      if (request.endsSession && session?.acknowledging) return undefined;
      this.#changing = request;
    }
    this.#waiting.shift();
    this.#underWay.add(request);
    return request;
  }

  /** Removes a request that has its outcome. */
  done(request: UnaryRequest): void {
    this.#underWay.delete(request);
    if (this.#changing === request) this.#changing = undefined;
  }

  /** Cancels all calls that are under way. */
  cancel(): void {
    for (const request of this.#underWay) request.call?.cancel();
  }

  /** Rejects all requests, those that wait included. */
  reject(error: ChatError): void {
    for (const request of this.#underWay) request.reject(error);
    for (let request = this.#waiting.shift(); request; request = this.#waiting.shift()) {
      request.reject(error);
    }
  }
}

/** A request that waits, or is under way. */
export class UnaryRequest extends PendingRequest {
  readonly request: ClientRequest;
  readonly sessionUse: SessionUse;
  /** Its call, once it is under way. */
  call: UnaryCall | undefined;
  /** The token in the response to a login. */
  token: string | undefined;
  readonly #session: UnarySession | undefined;
  readonly #taken: number;

  /** @param session the session as it was when the request was made */
  constructor(request: ClientRequest, session: UnarySession | undefined) {
    super(request.operation);
    this.request = request;
    this.sessionUse = sessionUses[request.operation];
    this.#session = session;
    this.#taken = session?.taken ?? 0;
  }

  /** The state of the acknowledgements before it, which its outcome confirms. [P-5.2] */
  get confirmation(): Confirmation {
    return this.#session?.confirmationOf(this.#taken) ?? 'confirmed';
  }

  /** True when it begins or ends a session: nothing overlaps it. */
  get changesSession(): boolean {
    return this.beginsSession || this.endsSession;
  }

  /** True when a session begins if it succeeds. */
  get beginsSession(): boolean {
    return this.sessionUse === 'begins';
  }

  /** True when it ends the session if it succeeds. */
  get endsSession(): boolean {
    return this.sessionUse === 'ends';
  }
}

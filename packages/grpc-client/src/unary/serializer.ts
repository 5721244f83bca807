import { type ChatError, type ClientRequest, Fifo, Operation, PendingRequest } from '@tandem/core';
import type { UnaryCall } from './call.ts';
import type { Confirmation, UnarySession } from './session.ts';

/**
 * Which requests may be under way together. All may overlap but those that change the session: they
 * wait for all before them, and are waited for by all after them.
 */
export class UnaryTurns {
  readonly #waiting = new Fifo<UnaryRequest>();
  readonly #underWay = new Set<UnaryRequest>();
  #changing: UnaryRequest | undefined;

  /** Whether any request has no outcome yet. */
  get owed(): boolean {
    return this.#underWay.size > 0 || this.#waiting.length > 0;
  }

  /** The request under way that changes the session. */
  get changing(): UnaryRequest | undefined {
    return this.#changing;
  }

  /** A request was made. */
  push(request: UnaryRequest): void {
    this.#waiting.push(request);
  }

  /** The next request whose turn it is; it is under way from now on. */
  next(session: UnarySession | undefined): UnaryRequest | undefined {
    const request = this.#waiting.peek();
    if (request === undefined || this.#changing !== undefined) return undefined;
    if (request.changesSession) {
      if (this.#underWay.size > 0) return undefined;
      // What was taken before the end of a session is to be forgotten, not unread again. [P-5.2]
      if (request.endsSession && session?.acknowledging) return undefined;
      this.#changing = request;
    }
    this.#waiting.shift();
    this.#underWay.add(request);
    return request;
  }

  /** A request has its outcome. */
  done(request: UnaryRequest): void {
    this.#underWay.delete(request);
    if (this.#changing === request) this.#changing = undefined;
  }

  /** Cancels the calls of all that are under way. */
  cancel(): void {
    for (const request of this.#underWay) request.call?.cancel();
  }

  /** Rejects all requests, also those whose turn has not come. */
  reject(error: ChatError): void {
    for (const request of this.#underWay) request.reject(error);
    for (let request = this.#waiting.shift(); request; request = this.#waiting.shift()) {
      request.reject(error);
    }
  }
}

/** A request that waits for its turn, or for its answer. */
export class UnaryRequest extends PendingRequest {
  readonly request: ClientRequest;
  /** Its call, once it had its turn. */
  call: UnaryCall | undefined;
  /** The token that a login was answered with. */
  token: string | undefined;
  readonly #session: UnarySession | undefined;
  readonly #taken: number;

  /** @param session the session as it was when the request was made */
  constructor(request: ClientRequest, session: UnarySession | undefined) {
    super(request.operation);
    this.request = request;
    this.#session = session;
    this.#taken = session?.taken ?? 0;
  }

  /** Whether the acknowledgements before it are durable: its answer has to say so. [P-5.2] */
  get confirmation(): Confirmation {
    return this.#session?.confirmationOf(this.#taken) ?? 'confirmed';
  }

  /** Whether it changes whose session the client has: nothing overlaps it. */
  get changesSession(): boolean {
    return this.operation === Operation.login || this.endsSession;
  }

  /** Whether the session is over if it succeeds. */
  get endsSession(): boolean {
    return this.operation === Operation.logout || this.operation === Operation.delete;
  }
}

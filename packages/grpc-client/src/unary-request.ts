import { type ClientRequest, Operation, PendingRequest } from '@tandem/core';
import type { UnaryCall } from './unary-call.ts';
import type { Confirmation, UnarySession } from './unary-session.ts';

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

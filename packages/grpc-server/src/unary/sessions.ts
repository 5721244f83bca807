import type { Metadata } from '@grpc/grpc-js';
import type { GrpcConnection } from '../calls/connections.ts';
import type { CallError } from '../calls/refusal.ts';
import type { UnarySession } from './session.ts';

// Compared without case. [RFC 9110, 11.1]
const scheme = 'bearer ';

/** The unary sessions, and who may act in which. */
export class Sessions {
  readonly #byToken = new Map<string, UnarySession>();

  add(session: UnarySession): void {
    this.#byToken.set(session.token, session);
  }

  delete(session: UnarySession): void {
    this.#byToken.delete(session.token);
  }

  /**
   * The session that a call may act in, as `username`. A token that was sent decides alone; a call
   * without one is known by the connection that it came on. Undefined when it is nobody's.
   *
   * @param connectionOf looks that connection up, which costs more than the rest: asked for only then
   */
  identify(
    metadata: Metadata,
    connectionOf: () => GrpcConnection | undefined,
    username: string,
  ): UnarySession | undefined {
    const sent = metadata.get('authorization');
    const session = sent.length > 0 ? this.#ofToken(sent) : connectionOf()?.sessions.get(username);
    return session?.agent.username === username ? session : undefined;
  }

  /** The session of the token that a call carries, whoever it says it is. */
  ofToken(metadata: Metadata): UnarySession | undefined {
    return this.#ofToken(metadata.get('authorization'));
  }

  /** Ends every session, with what its stream is told. */
  endAll(error: CallError): void {
    for (const session of this.#byToken.values()) session.end(error);
  }

  #ofToken(sent: readonly (string | Buffer)[]): UnarySession | undefined {
    const [authorization] = sent;
    if (sent.length !== 1 || typeof authorization !== 'string') return undefined;
    if (authorization.slice(0, scheme.length).toLowerCase() !== scheme) return undefined;
    return this.#byToken.get(authorization.slice(scheme.length));
  }
}

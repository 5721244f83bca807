import type { Metadata } from '@grpc/grpc-js';
import type { GrpcConnection } from '../calls/connections.ts';
import type { CallError } from '../calls/refusal.ts';
import type { UnarySession } from './session.ts';

// Compared without case. [RFC 9110, 11.1]
const scheme = 'bearer ';

/** The unary sessions, and the right to act in them. */
export class Sessions {
  readonly #byToken = new Map<string, UnarySession>();

  add(session: UnarySession): void {
    this.#byToken.set(session.token, session);
  }

  delete(session: UnarySession): void {
    this.#byToken.delete(session.token);
  }

  /**
   * Returns the session that a call may act in as `username`; undefined for none. A token decides alone;
   * a call without one is known by its connection.
   *
   * @param connectionOf looks the connection up, which costs more than the rest: called only then
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

  /** Returns the session of the token that a call carries, whatever its username. */
  ofToken(metadata: Metadata): UnarySession | undefined {
    return this.#ofToken(metadata.get('authorization'));
  }

  /** Ends every session, and its stream with `error`. */
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

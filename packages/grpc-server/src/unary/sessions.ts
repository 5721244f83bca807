import type { Metadata } from '@grpc/grpc-js';
import { authorizationKey } from '../calls/needed-headers.ts';
import type { CallError } from '../calls/refusal.ts';
import type { Connection } from '../connections/connection.ts';
import type { UnarySession } from './session.ts';

// Compared without case. [RFC 9110, 11.1]
const scheme = 'bearer ';

/** The unary sessions, and the right to act in them. */
export class Sessions {
  readonly #knowsConnections: boolean;
  readonly #byToken = new Map<string, UnarySession>();
  /** The sessions that are known by the connection on which they began, by username. */
  readonly #byConnection = new WeakMap<Connection, Map<string, UnarySession>>();

  /** @param knowsConnections true when calls without a token are known by their connection */
  constructor(knowsConnections: boolean) {
    this.#knowsConnections = knowsConnections;
  }

  /**
   * Adds the session of a user who has logged in.
   *
   * @param proven true when the user has shown a secret, or a token: then a call without the session's token
   *   is nobody's, on whatever connection
   */
  add(session: UnarySession, proven: boolean): void {
    const { token, connection, username = '' } = session;
    this.#byToken.set(token, session);
    if (connection === undefined) return;
    connection.sessions.add(session);
    if (proven) return;
    const there = this.#byConnection.get(connection);
    if (there === undefined) this.#byConnection.set(connection, new Map([[username, session]]));
    else there.set(username, session);
  }

  /** Removes a session, if it is there. */
  delete(session: UnarySession): void {
    this.#byToken.delete(session.token);
    session.connection?.sessions.delete(session);
    this.needsToken(session);
  }

  /** Knows a session by its token alone from now on, as its user has a secret. */
  needsToken(session: UnarySession): void {
    const { connection, username = '' } = session;
    const there = connection && this.#byConnection.get(connection);
    if (there?.get(username) === session) there.delete(username);
  }

  /**
   * Returns the session that a call may act in as `username`; undefined for none. A token decides alone;
   * a call without one is known by its connection, where that is allowed, and the user has no secret.
   *
   * @param connectionOf looks the connection up, which costs more than the rest: called only then
   */
  identify(
    metadata: Metadata,
    connectionOf: () => Connection | undefined,
    username: string,
  ): UnarySession | undefined {
    const sent = metadata.get(authorizationKey);
    const connection = sent.length === 0 && this.#knowsConnections ? connectionOf() : undefined;
    const session = sent.length > 0 ? this.#ofToken(sent) : this.#on(connection, username);
    return session?.agent.username === username ? session : undefined;
  }

  /** Returns the session of the token that a call carries, whatever its username. */
  ofToken(metadata: Metadata): UnarySession | undefined {
    return this.#ofToken(metadata.get(authorizationKey));
  }

  /** Ends every session, and its stream with `error`. */
  endAll(error: CallError): void {
    for (const session of this.#byToken.values()) session.end(error);
  }

  #on(connection: Connection | undefined, username: string): UnarySession | undefined {
    return connection && this.#byConnection.get(connection)?.get(username);
  }

  #ofToken(sent: readonly (string | Buffer)[]): UnarySession | undefined {
    const [authorization] = sent;
    if (sent.length !== 1 || typeof authorization !== 'string') return undefined;
    if (authorization.slice(0, scheme.length).toLowerCase() !== scheme) return undefined;
    return this.#byToken.get(authorization.slice(scheme.length));
  }
}

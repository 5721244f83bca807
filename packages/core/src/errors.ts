/**
 * What can break a transport, as a stable code:
 *
 * - `connect-failed`: nobody listens there, or the name or the network failed
 * - `connect-timeout`: no connection, or no version byte, in time
 * - `version-mismatch`: the other side speaks another version, or is no Tandem server
 * - `connection-lost`: the connection ended though nobody asked for it
 * - `response-timeout`: the server owes an answer and has said nothing for too long
 * - `server-busy`: the server takes no more connections
 * - `server-stopped`: the server said that it is shutting down
 * - `protocol-error`: the other side said what the protocol does not allow
 * - `closed`: the client was closed on this side
 */
export type ChatErrorCode =
  | 'connect-failed'
  | 'connect-timeout'
  | 'version-mismatch'
  | 'connection-lost'
  | 'response-timeout'
  | 'server-busy'
  | 'server-stopped'
  | 'protocol-error'
  | 'closed';

/**
 * A broken transport or protocol. Expected outcomes, refusals among them, are never thrown: they
 * are returned as a status.
 */
export class ChatError extends Error {
  override readonly name = 'ChatError';
  /** Stable, for programs; the message is for people. */
  readonly code: ChatErrorCode;

  constructor(code: ChatErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

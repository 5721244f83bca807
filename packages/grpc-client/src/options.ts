/** How long name, TCP and HTTP/2 together may take unless told otherwise, in milliseconds. */
export const defaultConnectTimeoutMs = 10_000;

/** How long a server that owes an answer may be silent unless told otherwise, in milliseconds. */
export const defaultResponseTimeoutMs = 60_000;

/**
 * How the contract is used:
 *
 * - `converse`: the whole session on one stream, in which requests follow each other unanswered
 * - `unary`: a call for each request, and one stream for the messages that come
 */
export type GrpcClientMode = 'converse' | 'unary';

/** Where to connect, how to use the contract, and how patient to be. */
export interface GrpcClientOptions {
  /** A name or an address. */
  readonly host: string;
  readonly port: number;
  /** `converse` unless told otherwise, which is several times faster. */
  readonly mode?: GrpcClientMode;
  /** From the name's look-up until HTTP/2 is up, in milliseconds; then `connect-timeout`. */
  readonly connectTimeoutMs?: number;
  /** How long a server that owes an answer may say nothing, in milliseconds; then `response-timeout`. */
  readonly responseTimeoutMs?: number;
  /** Gives up connecting when aborted. Once connected it has no effect; `close` is for that. */
  readonly signal?: AbortSignal | undefined;
  /** Returns the addresses of a host, the best first, instead of the system's resolver. */
  readonly lookUp?: (host: string) => Promise<readonly string[]>;
}

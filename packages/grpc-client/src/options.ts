/** The time that name look-up, TCP and HTTP/2 together may take by default, in milliseconds. */
export const defaultConnectTimeoutMs = 10_000;

/** The time that a server that owes a response may be silent by default, in milliseconds. */
export const defaultResponseTimeoutMs = 60_000;

/**
 * The ways to use the contract:
 *
 * - `converse`: the whole session on one stream, on which requests need not wait for earlier responses
 * - `unary`: a call for each request, and one stream for the messages that come
 */
export type GrpcClientMode = 'converse' | 'unary';

/** The options of a gRPC client. */
export interface GrpcClientOptions {
  /** A name or an address. */
  readonly host: string;
  readonly port: number;
  /** By default `converse`, which is several times faster. */
  readonly mode?: GrpcClientMode;
  /** The time from the look-up of the name until HTTP/2 is up, in milliseconds; then `connect-timeout`. */
  readonly connectTimeoutMs?: number;
  /** The time that a server that owes a response may be silent, in milliseconds; then `response-timeout`. */
  readonly responseTimeoutMs?: number;
  /** Gives up connecting when aborted. Once connected it has no effect; `close` is for that. */
  readonly signal?: AbortSignal | undefined;
  /** Returns the addresses of a host, the best first, instead of the system's resolver. */
  readonly lookUp?: (host: string) => Promise<readonly string[]>;
}

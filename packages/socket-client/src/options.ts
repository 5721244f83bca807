/** How long TCP and the version byte together may take unless told otherwise, in milliseconds. */
export const defaultConnectTimeoutMs = 10_000;

/** How long a server that owes an answer may be silent unless told otherwise, in milliseconds. */
export const defaultResponseTimeoutMs = 60_000;

/** Where to connect, and how patient to be. */
export interface SocketClientOptions {
  /** A name or an address. */
  readonly host: string;
  readonly port: number;
  /** From the name's look-up until the server's version byte, in milliseconds; then `connect-timeout`. */
  readonly connectTimeoutMs?: number;
  /** How long a server that owes an answer may say nothing, in milliseconds; then `response-timeout`. */
  readonly responseTimeoutMs?: number;
  /** Gives up connecting when aborted. Once connected it has no effect; `close` is for that. */
  readonly signal?: AbortSignal | undefined;
  /** Connects only when the server has said its version: one round trip more. False by default. */
  readonly waitForVersion?: boolean;
  /** Returns the addresses of a host, the best first, instead of the system's resolver. */
  readonly lookUp?: (host: string) => Promise<readonly string[]>;
}

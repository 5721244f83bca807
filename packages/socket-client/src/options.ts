/** The default time for TCP and the version byte together, in milliseconds. */
export const defaultConnectTimeoutMs = 10_000;

/** The default of the longest silence of a server while a request is pending, in milliseconds. */
export const defaultResponseTimeoutMs = 60_000;

/** The options of a client. */
export interface SocketClientOptions {
  /** A name or an address. */
  readonly host: string;
  readonly port: number;
  /** The time for the look-up, TCP and the server's version byte, in milliseconds; then `connect-timeout`. */
  readonly connectTimeoutMs?: number;
  /** The longest silence of the server while a request is pending, in milliseconds; then `response-timeout`. */
  readonly responseTimeoutMs?: number;
  /** Ends the attempt to connect when aborted. Has no effect once connected: use `close`. */
  readonly signal?: AbortSignal | undefined;
  /** Resolves only when the server has sent its version, one round trip later. False by default. */
  readonly waitForVersion?: boolean;
  /** Returns the addresses of a host, the best first, in place of the system's resolver. */
  readonly lookUp?: (host: string) => Promise<readonly string[]>;
}

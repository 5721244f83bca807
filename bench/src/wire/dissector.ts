import type { Layer } from './ledger.ts';

/** Told where bytes belong, in the order in which they crossed. */
export type Account = (layer: Layer, bytes: number) => void;

/** Takes apart what crosses one direction of one connection. Does no I/O. */
export interface Dissector {
  /** Bytes taken and not yet accounted for: those of something that is not complete. */
  readonly pendingBytes: number;
  /**
   * Adds bytes as they crossed. However they are cut, the same is accounted for in the end; only in
   * the seed dialect do the cuts have a meaning.
   *
   * @throws WireError when they are not what the protocol allows: nothing after them can be told
   */
  push(chunk: Uint8Array): void;
}

/** Both directions of one connection. */
export interface ConnectionDissector {
  /** From client to server. */
  readonly sent: Dissector;
  /** From server to client. */
  readonly received: Dissector;
}

/** How one connection's bytes are to be accounted for. */
export interface ConnectionAccounts {
  readonly sent: Account;
  readonly received: Account;
}

/** Bytes on the wire are not what their protocol allows, so where they belong cannot be said. */
export class WireError extends Error {
  override readonly name = 'WireError';
}

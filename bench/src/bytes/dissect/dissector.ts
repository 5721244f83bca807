/** Takes apart and annotates the bytes of one direction of one connection. Does no I/O. */
export interface Dissector {
  /** Bytes taken and not yet annotated: those of something that is not complete. */
  readonly pendingBytes: number;
  /**
   * Adds bytes as they crossed. However they are cut, the annotations are the same in the end; only in
   * the seed dialect do the cuts have a meaning.
   *
   * @throws WireError when the protocol does not allow them; nothing after them can be annotated
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

/** Bytes on the wire are not what their protocol allows, so they cannot be annotated. */
export class WireError extends Error {
  override readonly name = 'WireError';
}

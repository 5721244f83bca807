import type { Annotator } from './annotator.ts';
import type { Dissector } from './dissector.ts';
import { PendingBytes } from './pending-bytes.ts';

/** Takes apart one direction of a connection unit by unit, however its bytes are cut. */
export abstract class UnitDissector implements Dissector {
  protected readonly annotator: Annotator;
  protected readonly pending = new PendingBytes();

  constructor(annotator: Annotator) {
    this.annotator = annotator;
  }

  get pendingBytes(): number {
    return this.pending.length;
  }

  push(chunk: Uint8Array): void {
    this.pending.push(chunk);
    while (this.takeUnit());
  }

  /** Takes and annotates the next unit. Returns false while it is not complete. */
  protected abstract takeUnit(): boolean;
}

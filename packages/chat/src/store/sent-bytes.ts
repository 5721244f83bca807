import type { Message } from '@tandem/core';

/**
 * The bytes of each sender's messages in all mailboxes of a store, names of senders included. [P-4.12]
 * A sender without messages takes no memory.
 */
export class SentBytes {
  readonly #bySender = new Map<string, number>();

  /** Returns the bytes of a sender's messages; 0 for none. */
  of(sender: string): number {
    return this.#bySender.get(sender) ?? 0;
  }

  /** Counts a message that has come into a mailbox. */
  add({ sender, body }: Message): void {
    this.change(sender, sender.length + body.length);
  }

  /** Counts a message that has left a mailbox. */
  remove({ sender, body }: Message): void {
    this.change(sender, -(sender.length + body.length));
  }

  /** Counts bytes of a sender's messages that have come, or have left when negative. */
  change(sender: string, bytes: number): void {
    const after = this.of(sender) + bytes;
    if (after > 0) this.#bySender.set(sender, after);
    else this.#bySender.delete(sender);
  }
}

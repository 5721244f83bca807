import { PendingOperations } from '../echo/pending-operations.ts';

/** The messages to one recipient whose senders wait until they have arrived, in their order. */
export class PendingArrivals {
  readonly #pending = new PendingOperations<string>();

  /** Sends a message. Resolves when it is answered and has arrived; rejects when either fails. */
  async with(send: () => Promise<void>, body: string): Promise<void> {
    // The waiting begins before the send, since a message may arrive before its sender's response.
    await Promise.all([this.#pending.start(body, nothing), send()]);
  }

  /** The recipient has a message. Does nothing when no sender waits for one. */
  arrived(body: string): void {
    const { expected } = this.#pending;
    if (expected === undefined) return;
    this.#pending.completed(expected === body ? undefined : 'another message has arrived');
  }

  /** Rejects what waits and what will. */
  fail(error: Error): void {
    this.#pending.fail(error);
  }
}

function nothing(): void {}

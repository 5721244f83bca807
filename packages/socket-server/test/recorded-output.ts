import type { Output } from '../src/dialect.ts';

/** Records the writes of a dialect, and holds it back until {@link RecordedOutput.drain}. */
export class RecordedOutput implements Output {
  readonly writes: Buffer[] = [];
  /** How many chat messages each write was said to have. */
  readonly messages: number[] = [];
  #waiter: PromiseWithResolvers<void> | undefined;
  #failure: Error | undefined;

  write(bytes: Uint8Array, messages = 0): void {
    this.writes.push(Buffer.from(bytes));
    this.messages.push(messages);
  }

  async drained(): Promise<void> {
    if (this.#failure !== undefined) throw this.#failure;
    this.#waiter = Promise.withResolvers();
    await this.#waiter.promise;
  }

  /** Has room for one more write; resolves when the dialect has used it or is done. */
  async drain(): Promise<void> {
    this.#waiter?.resolve();
    this.#waiter = undefined;
    await new Promise((resolve) => setImmediate(resolve));
  }

  /** The connection is over. */
  fail(): void {
    this.#failure = new Error('over');
    this.#waiter?.reject(this.#failure);
  }
}

/** Drains until the dialect has written everything. */
export async function drainToEnd(output: RecordedOutput, written: Promise<void>): Promise<void> {
  let over = false;
  const end = written.finally(() => {
    over = true;
  });
  while (!over) await output.drain();
  await end;
}

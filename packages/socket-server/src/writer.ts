import type { Socket } from 'node:net';
import type { Output } from './dialect.ts';

interface DrainWaiter {
  readonly resolve: () => void;
  readonly reject: (error: Error) => void;
}

/**
 * The way out of a connection. What is written in one turn of the event loop leaves in one system
 * call: sixty-four answers to one read cost one write, not sixty-four.
 */
export class Writer implements Output {
  readonly #socket: Socket;
  readonly #onAccepted: (messages: number) => void;
  readonly #onProgress: () => void;
  #batch: Uint8Array[] = [];
  #batchMessages = 0;
  #scheduled = false;
  #closed = false;
  #drainWaiters: DrainWaiter[] = [];

  /**
   * @param onAccepted called when the kernel has accepted the bytes of that many chat messages
   * @param onProgress called when the kernel has accepted bytes that it first had not
   */
  constructor(socket: Socket, onAccepted: (messages: number) => void, onProgress: () => void) {
    this.#socket = socket;
    this.#onAccepted = onAccepted;
    this.#onProgress = onProgress;
    socket.on('drain', () => this.#drain());
  }

  /** Whether so much waits that the client is not to be asked for more. */
  get blocked(): boolean {
    return this.#socket.writableNeedDrain;
  }

  /** Whether the kernel has not yet accepted everything. */
  get waiting(): boolean {
    return this.#socket.writableLength > 0;
  }

  write(bytes: Uint8Array, messages = 0): void {
    this.#batch.push(bytes);
    this.#batchMessages += messages;
    if (this.#scheduled) return;
    this.#scheduled = true;
    process.nextTick(this.#flushScheduled);
  }

  /** Hands everything over to the kernel now. */
  flush(): void {
    if (this.#batch.length === 0 || this.#closed || this.#socket.writableEnded) return;
    const bytes = this.#batch.length === 1 ? this.#batch[0] : Buffer.concat(this.#batch);
    const messages = this.#batchMessages;
    this.#batch = [];
    this.#batchMessages = 0;
    const accepted = messages === 0 ? this.#accepted : this.#acceptedMessages(messages);
    this.#socket.write(bytes as Uint8Array, accepted);
    if (this.waiting) this.#onProgress();
  }

  async drained(): Promise<void> {
    this.flush();
    if (this.#closed) throw new Error('the connection is over');
    if (!this.blocked) return;
    await new Promise<void>((resolve, reject) => this.#drainWaiters.push({ resolve, reject }));
  }

  /** Nothing can leave any more. */
  close(): void {
    this.#closed = true;
    this.#batch = [];
    for (const { reject } of this.#drainWaiters) reject(new Error('the connection is over'));
    this.#drainWaiters = [];
  }

  readonly #flushScheduled = (): void => {
    this.#scheduled = false;
    this.flush();
  };

  // One function for every write: Node batches the callbacks of writes that share theirs.
  readonly #accepted = (): void => {
    if (!this.waiting) this.#onProgress();
  };

  #acceptedMessages(messages: number): (error?: Error | null) => void {
    return (error) => {
      if (!error) this.#onAccepted(messages);
      this.#accepted();
    };
  }

  #drain(): void {
    const waiters = this.#drainWaiters;
    this.#drainWaiters = [];
    for (const { resolve } of waiters) resolve();
    this.#onProgress();
  }
}

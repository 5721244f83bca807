import { ClientGone } from '@tandem/chat';
import type { MemoryAccount } from '@tandem/core';
import type { Outlet } from './direct-writer.ts';

/** Who writes, and wants to know what becomes of it. */
export interface FrameWriterOwner {
  /** There is room again after there was none. */
  drained(): void;
  /** What was written has not drained for too long. */
  stuck(): void;
}

// Bytes of content that may wait in a stream before its client is asked for no more.
const bytesWaitingMax = 64 * 1024;

// What a frame takes besides its content, roughly: it bounds how many small ones may wait.
const frameOverheadBytes = 32;

// What waits up to here, the memory of its call pays for.
const bytesFree = 4 * 1024;

// More is paid for in steps of this, at what a frame takes with all that is around it.
const bytesPerStep = 16 * 1024;
const memoryPerByte = 4;

/**
 * The way out of a stream of messages. HTTP/2 takes all that it is given, and holds it until the
 * client reads; this counts what that weighs.
 */
export class FrameWriter<Frame = unknown> {
  readonly #outlet: Outlet<Frame>;
  readonly #drainTimeoutMs: number;
  readonly #owner: FrameWriterOwner;
  readonly #account: MemoryAccount | undefined;
  #bytesWaiting = 0;
  #bytesPaid = bytesFree;
  #blocked = false;
  #timer: NodeJS.Timeout | undefined;
  /** Since when nothing that waits has been accepted. */
  #waitsSinceMs = 0;
  #ended = false;
  #drainWaiter:
    | { readonly resolve: () => void; readonly reject: (error: Error) => void }
    | undefined;

  /** @param account what pays for what waits: that of its connection, while there is one */
  constructor(
    outlet: Outlet<Frame>,
    drainTimeoutMs: number,
    owner: FrameWriterOwner,
    account?: MemoryAccount,
  ) {
    this.#account = account;
    this.#outlet = outlet;
    this.#drainTimeoutMs = drainTimeoutMs;
    this.#owner = owner;
  }

  /** Whether so much waits that the client is not to be asked for more. */
  get blocked(): boolean {
    return this.#blocked;
  }

  /**
   * Writes a frame.
   *
   * @param contentBytes what its content weighs
   * @param onAccepted called when HTTP/2 has accepted its bytes
   */
  write(frame: Frame, contentBytes: number, onAccepted?: () => void): void {
    if (this.#ended) return;
    const bytes = contentBytes + frameOverheadBytes;
    if (this.#bytesWaiting === 0) this.#waitsSinceMs = performance.now();
    this.#bytesWaiting += bytes;
    this.#blocked = this.#bytesWaiting > bytesWaitingMax;
    if (this.#bytesWaiting > this.#bytesPaid) this.#pay(this.#bytesWaiting + bytesPerStep);
    this.#timer ??= setTimeout(look, this.#drainTimeoutMs, this);
    this.#outlet.write(frame, () => {
      this.#accepted(bytes);
      onAccepted?.();
    });
  }

  /** Resolves when the client has room for more. For one caller at a time. */
  drained(): Promise<void> {
    if (this.#ended) return Promise.reject(new ClientGone());
    if (!this.#blocked) return Promise.resolve();
    return new Promise((resolve, reject) => {
      this.#drainWaiter = { resolve, reject };
    });
  }

  /** Nothing more is written. What was written before still has to drain in time. */
  end(): void {
    this.#ended = true;
    this.#drainWaiter?.reject(new ClientGone());
    this.#drainWaiter = undefined;
  }

  /** Nothing can leave any more. */
  close(): void {
    this.end();
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#pay(bytesFree);
  }

  /** Its time is over: whether what waits now has waited for all of it. */
  look(): void {
    this.#timer = undefined;
    if (this.#bytesWaiting === 0) return;
    const leftMs = this.#waitsSinceMs + this.#drainTimeoutMs - performance.now();
    if (leftMs <= 0) this.#owner.stuck();
    // A timer may be early by a part of a millisecond.
    else this.#timer = setTimeout(look, Math.ceil(leftMs), this);
  }

  #pay(bytes: number): void {
    const more = (bytes - this.#bytesPaid) * memoryPerByte;
    this.#bytesPaid = bytes;
    if (more > 0) this.#account?.charge(more);
    else this.#account?.give(-more);
  }

  #accepted(bytes: number): void {
    this.#bytesWaiting -= bytes;
    if (this.#bytesWaiting > 0) this.#waitsSinceMs = performance.now();
    else if (this.#bytesPaid > bytesFree) this.#pay(bytesFree);
    if (this.#ended || !this.#blocked || this.#bytesWaiting > bytesWaitingMax) return;
    this.#blocked = false;
    this.#drainWaiter?.resolve();
    this.#drainWaiter = undefined;
    this.#owner.drained();
  }
}

// One timer serves all writes of its time, in place of one to start and stop for each.
function look(writer: FrameWriter): void {
  writer.look();
}

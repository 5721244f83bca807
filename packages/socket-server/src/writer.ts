import type { Socket } from 'node:net';
import { ClientGone } from '@tandem/chat';
import type { MemoryAccount } from '@tandem/core/server';

/** Is told how far the bytes of a writer have come. */
export interface WriterOwner {
  /** Pays for bytes that wait. */
  readonly account: MemoryAccount;
  /** The kernel has accepted the bytes of that many chat messages. */
  accepted(messages: number): void;
  /** The kernel did not accept everything at once. */
  waits(): void;
}

/** The bytes that the kernel had accepted when it was last seen to accept any, and when that was. */
interface Accepted {
  readonly bytes: number;
  readonly sinceMs: number;
}

interface DrainWaiter {
  readonly resolve: () => void;
  readonly reject: (error: Error) => void;
}

/**
 * Writes to the socket of a connection. What is written in one turn of the event loop leaves in one
 * system call: sixty-four responses to one read cost one write, not sixty-four.
 *
 * A connection has one while bytes are on their way.
 */
export class Writer {
  readonly #socket: Socket;
  readonly #owner: WriterOwner;
  /** The bytes that its connection's account pays for: more than 0 while any wait. */
  #bytesPaid = 0;
  #batch: Uint8Array[] | undefined;
  #batchMessages = 0;
  #drainWaiter: DrainWaiter | undefined;
  /** Present since it was first seen to wait for the client to read. */
  #accepted: Accepted | undefined;

  constructor(socket: Socket, owner: WriterOwner) {
    this.#socket = socket;
    this.#owner = owner;
  }

  /** Tells if so much waits that no more requests of the client are to be taken. */
  get blocked(): boolean {
    return this.#bytesPaid > 0 && this.#socket.writableNeedDrain;
  }

  /** Tells if the kernel has not yet accepted everything. */
  get waiting(): boolean {
    return this.#socket.writableLength > 0;
  }

  /** True while nothing is under way, so that a new one could go on in its place. */
  get resting(): boolean {
    return this.#batch === undefined && this.#bytesPaid === 0 && this.#drainWaiter === undefined;
  }

  /**
   * Returns the time since which the kernel is known to have accepted nothing, in milliseconds. The bytes of one
   * write count when all of them are accepted. To be called now and then while some wait.
   *
   * @param nowMs see `clockMs`
   */
  stuckMs(nowMs: number): number {
    const bytes = this.#socket.bytesWritten - this.#socket.writableLength;
    if (bytes !== this.#accepted?.bytes) this.#accepted = { bytes, sinceMs: nowMs };
    return nowMs - this.#accepted.sinceMs;
  }

  /** @param messages the number of chat messages that the owner is told of when the kernel has accepted the bytes */
  write(bytes: Uint8Array, messages = 0): void {
    this.#batchMessages += messages;
    if (this.#batch !== undefined) {
      this.#batch.push(bytes);
      return;
    }
    this.#batch = [bytes];
    if (answering !== this) process.nextTick(flushScheduled, this);
  }

  /**
   * Begins the responses to a read: what is written from now on leaves with {@link flush}, which the caller
   * promises to call before it returns, and needs no tick of its own.
   */
  beginResponses(): void {
    answering = this;
  }

  /** Hands everything over to the kernel now. */
  flush(): void {
    if (answering === this) answering = undefined;
    const batch = this.#batch;
    const messages = this.#batchMessages;
    this.#batch = undefined;
    this.#batchMessages = 0;
    if (batch === undefined || !this.#socket.writable) return;
    const bytes = batch.length === 1 ? (batch[0] as Uint8Array) : Buffer.concat(batch);
    if (messages === 0) this.#socket.write(bytes);
    else this.#socket.write(bytes, (error) => error ?? this.#owner.accepted(messages));
    if (!this.waiting) return;
    this.pay();
    this.#owner.waits();
  }

  /** Resolves when the client has room for more. Rejects with ClientGone when it has gone. For one caller at a time. */
  async drained(): Promise<void> {
    this.flush();
    if (this.#socket.destroyed) throw new ClientGone();
    if (!this.blocked) return;
    await new Promise<void>((resolve, reject) => {
      this.#drainWaiter = { resolve, reject };
    });
  }

  /** The socket has room again. */
  drain(): void {
    this.pay();
    this.#drainWaiter?.resolve();
    this.#drainWaiter = undefined;
  }

  /** Drops what waits: the connection is closed, and its socket destroyed. */
  close(): void {
    this.#batch = undefined;
    this.#drainWaiter?.reject(new ClientGone());
    this.#drainWaiter = undefined;
  }

  /** Has the account pay for the bytes that wait. */
  pay(): void {
    const waiting = this.#socket.writableLength;
    const more = waiting - this.#bytesPaid;
    this.#bytesPaid = waiting;
    if (more > 0) this.#owner.account.charge(more);
    else this.#owner.account.give(-more);
  }
}

/** The writer whose connection answers a read now. One for all, as a read is answered before the next. */
let answering: Writer | undefined;

// One function for all writers: none needs a closure.
function flushScheduled(writer: Writer): void {
  writer.flush();
}

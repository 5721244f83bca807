import type { Metadata, ServerInterceptor } from '@grpc/grpc-js';
import { ClientGone } from '@tandem/chat';
import type { MemoryAccount } from '@tandem/core/server';
import { ByMetadata, type InterceptedCall, intercept, onReceive } from './call-hooks.ts';

/** The owner of a writer. */
export interface FrameWriterOwner {
  /** Called when there is room again after there was none. */
  drained(): void;
  /** Called when nothing has drained for too long. */
  stuck(): void;
}

// Bytes of content that may wait in a stream before its client is asked for no more.
const bytesWaitingMax = 64 * 1024;

/** The size of a frame in a batch besides its content, roughly, in bytes. */
export const frameOverheadBytes = 32;

// The same of a message: what Node keeps of its write, too. It bounds the number of small messages that wait.
const messageOverheadBytes = 128;

// Waiting bytes up to here are part of the memory of the call.
const bytesFree = 4 * 1024;

// Further bytes are paid for in steps, with the memory that a frame takes around its content.
const bytesPerStep = 16 * 1024;
const memoryPerByte = 4;

/**
 * Writes frames to a stream, and counts those that wait: HTTP/2 takes all frames, and holds them until
 * the client reads.
 */
export class FrameWriter<Frame = unknown> {
  readonly #direct: DirectWriter<Frame>;
  readonly #drainTimeoutMs: number;
  readonly #owner: FrameWriterOwner;
  readonly #account: MemoryAccount | undefined;
  #bytesWaiting = 0;
  #bytesPaid = bytesFree;
  #blocked = false;
  #timer: NodeJS.Timeout | undefined;
  /** The time since which nothing that waits has been accepted. */
  #waitsSinceMs = 0;
  #ended = false;
  #drainWaiter:
    | { readonly resolve: () => void; readonly reject: (error: Error) => void }
    | undefined;

  /** @param account pays for what waits: that of its connection, while there is one */
  constructor(
    direct: DirectWriter<Frame>,
    drainTimeoutMs: number,
    owner: FrameWriterOwner,
    account?: MemoryAccount,
  ) {
    this.#account = account;
    this.#direct = direct;
    this.#drainTimeoutMs = drainTimeoutMs;
    this.#owner = owner;
  }

  /** True while so much waits that no more requests are to be taken. */
  get blocked(): boolean {
    return this.#blocked;
  }

  /**
   * Writes a frame.
   *
   * @param contentBytes the size of its content
   * @param onAccepted called when HTTP/2 has accepted its bytes
   */
  write(frame: Frame, contentBytes: number, onAccepted?: () => void): void {
    if (this.#ended) return;
    const bytes = contentBytes + messageOverheadBytes;
    if (this.#bytesWaiting === 0) this.#waitsSinceMs = performance.now();
    this.#bytesWaiting += bytes;
    this.#blocked = this.#bytesWaiting > bytesWaitingMax;
    if (this.#bytesWaiting > this.#bytesPaid) this.#pay(this.#bytesWaiting + bytesPerStep);
    this.#timer ??= setTimeout(look, this.#drainTimeoutMs, this);
    this.#direct.write(frame, () => {
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

  /** Takes no more frames. Those before still have to drain in time. */
  end(): void {
    this.#ended = true;
    this.#drainWaiter?.reject(new ClientGone());
    this.#drainWaiter = undefined;
  }

  /** Ends the writer, as the stream is over. */
  close(): void {
    this.end();
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#pay(bytesFree);
  }

  /** Checks, when the time is over, how long the oldest bytes have waited. */
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

// One timer serves all writes of its time: to start and stop one for each write would cost time.
function look(writer: FrameWriter): void {
  writer.look();
}

/** Writes the messages of a stream, in order. */
export interface DirectWriter<Message> {
  /**
   * @param onAccepted called when HTTP/2 has accepted its bytes, and those of all messages that were
   *   handed over meanwhile; never when the stream is over
   */
  write(message: Message, onAccepted: () => void): void;
}

/**
 * The direct writers of our streams: they hand messages to HTTP/2 without a queue.
 *
 * The writable that grpc-js gives a handler hands over one message, and the next when HTTP/2 has
 * accepted it, so each takes a DATA frame and a turn of the event loop. A direct writer hands over all
 * messages of a turn at once, and HTTP/2 joins them.
 */
export class DirectWriters {
  readonly #calls = new ByMetadata<InterceptedCall>();
  readonly #prefix: string;

  /** @param service the service whose streams have direct writers */
  constructor(service: string) {
    this.#prefix = `/${service}/`;
  }

  /** Remembers the streams of the service. */
  get interceptor(): ServerInterceptor {
    return intercept((method, call) => {
      if (!method.responseStream || !method.path.startsWith(this.#prefix)) return;
      onReceive(call, { onReceiveMetadata: (metadata) => this.#calls.set(metadata, call) });
    });
  }

  /** Returns the direct writer of the call with this metadata. */
  of<Message>(metadata: Metadata): DirectWriter<Message> {
    const call = this.#calls.of(metadata);
    return { write: (message, onAccepted) => call.sendMessage(message, onAccepted) };
  }
}

import type { Metadata, ServerInterceptor } from '@grpc/grpc-js';
import {
  ByMetadata,
  type CallListener,
  type InterceptedCall,
  intercept,
} from '../calls/call-hooks.ts';
import { shortLived } from '../calls/let-go.ts';

/** The owner of a reader. */
export interface ReaderOwner {
  /** Called when there is something to read after there was nothing. */
  arrived(): void;
  /** Called when the client has ended its side, and all is read. */
  ended(): void;
}

/**
 * Reads the messages of a stream from the call below it, one ahead.
 *
 * The readable that grpc-js gives a handler has a queue and events of its own, which cost each message
 * some microseconds.
 */
export class DirectReader implements CallListener {
  readonly #call: InterceptedCall;
  readonly #listener: CallListener;
  readonly #readers: ByMetadata<DirectReader>;
  #owner: ReaderOwner | undefined;
  #message: Buffer | undefined;
  /** True while the call is asked for a message, which it may give at once. */
  #asking = false;
  /** The messages that are still to be read once it takes no more, the next one last. */
  #rest: Buffer[] | undefined;

  /** Use {@link DirectReaders}. */
  constructor(call: InterceptedCall, listener: CallListener, readers: ByMetadata<DirectReader>) {
    this.#call = call;
    this.#listener = listener;
    this.#readers = readers;
  }

  /** Begins to read. */
  begin(owner: ReaderOwner): void {
    this.#owner = owner;
    this.#ask();
    if (this.#message !== undefined) process.nextTick(arrived, owner);
  }

  /** Returns the next message; undefined when none has come, or none is taken any more. */
  read(): Buffer | undefined {
    if (this.#rest !== undefined) return this.#rest.pop();
    const message = this.#message;
    if (message === undefined) return undefined;
    this.#message = undefined;
    this.#ask();
    return message;
  }

  /** Takes no more messages. Those that have come are still to be read. */
  stop(): void {
    const rest: Buffer[] = [];
    for (let next = this.read(); next !== undefined; next = this.read()) rest.push(next);
    this.#rest = rest.reverse();
  }

  onReceiveMetadata(metadata: Metadata): void {
    this.#readers.set(metadata, this);
    this.#listener.onReceiveMetadata(metadata);
  }

  onReceiveMessage(message: Buffer): void {
    this.#message = message;
    // Later, when all messages of a DATA frame have come: they are taken together.
    if (!this.#asking) process.nextTick(arrived, this.#owner);
  }

  onReceiveHalfClose(): void {
    process.nextTick(ended, this.#owner);
  }

  onCancel(): void {
    this.#listener.onCancel();
  }

  #ask(): void {
    this.#asking = true;
    this.#call.startRead();
    this.#asking = false;
  }
}

// One function for all streams, as a closure for each message would cost time.
function arrived(owner: ReaderOwner | undefined): void {
  owner?.arrived();
}

function ended(owner: ReaderOwner | undefined): void {
  owner?.ended();
}

/** The direct readers of the streams of a method, which is to give each message as its bytes. */
export class DirectReaders {
  readonly #readers = new ByMetadata<DirectReader>();
  readonly #path: string;

  /** @param path `/Service/Method` */
  constructor(path: string) {
    this.#path = path;
  }

  /** Remembers the streams of the method. */
  get interceptor(): ServerInterceptor {
    return intercept((method, call) => {
      if (method.path !== this.#path) return;
      const start = call.start.bind(call);
      // The reader is the listener: what onReceive passes on would cost each message time.
      call.start = shortLived((listener) => start(new DirectReader(call, listener, this.#readers)));
    });
  }

  /** Returns the direct reader of the call with this metadata. */
  of(metadata: Metadata): DirectReader {
    return this.#readers.of(metadata);
  }
}

import type { FoundOutcome, LoginResult, Request } from '@tandem/chat';
import type { Message, SearchOutcome, Status } from '@tandem/core';

/** Where a dialect writes what is too long for one answer. */
export interface Output {
  /** Sends bytes; `messages` of them are chat messages, for who counts what the kernel accepted. */
  write(bytes: Uint8Array, messages?: number): void;
  /** Resolves when the client has room for more. Rejects with ClientGone when the connection is over. */
  drained(): Promise<void>;
}

/**
 * How a connection lays requests and responses out in bytes: framed or seed. A dialect knows no
 * socket and keeps no session; it is a decoder, and an encoder that writes long answers page by page.
 */
export interface Dialect {
  readonly name: 'framed' | 'seed';
  /** What the server says before anything else; none in the seed dialect. [P-6.1] */
  readonly greeting: Uint8Array | undefined;
  /** The push that announces a shutdown; the seed dialect has none. [P-6.9] [P-7.6] */
  readonly shutdown: Uint8Array | undefined;
  /** Whether a message counts as taken once the kernel has accepted its bytes. [P-7.5] */
  readonly takenWhenAccepted: boolean;
  /** Adds bytes as one read returned them. */
  push(read: Buffer): void;
  /** The next request; undefined when it needs more bytes. */
  next(): Request | undefined;
  /** Bytes of a request that is not complete. */
  readonly bufferedBytes: number;
  /** The answer that is a status alone. */
  status(status: Status): Uint8Array;
  /** The answer to a send; undefined where the dialect answers it by the push alone. [P-7.3] */
  sendStatus(status: Status, toOneself: boolean): Uint8Array | undefined;
  /** One pushed message. */
  incoming(message: Message): Uint8Array;
  /** Answers a login, unread messages included. */
  login(result: LoginResult, output: Output): Promise<void>;
  /** The answer to a search that found nothing, or a list that is short. */
  found(outcome: SearchOutcome): Uint8Array;
  /** Answers a search that found a long list. */
  search(outcome: FoundOutcome, output: Output): Promise<void>;
}

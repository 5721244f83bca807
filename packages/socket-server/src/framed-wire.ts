import type { FoundOutcome, NameList, Page, Request, ResponseDetail } from '@tandem/chat';
import {
  encodeFramedResponse,
  FramedRequestDecoder,
  joinMessage,
  type Message,
  type OversizedRequest,
  requestContentBytesLimit,
  Status,
} from '@tandem/core';
import { requestOf } from './request.ts';
import { SocketWire } from './socket-wire.ts';

// An empty decoder, for the connection that gets bytes next: most connections have none that wait.
let spare: FramedRequestDecoder | undefined;

const shutdown = encodeFramedResponse(Status.shuttingDown);

/** A connection in the framed dialect, version 1. [P-6] */
export class FramedWire extends SocketWire {
  /** Present while bytes wait: an idle connection has none. */
  #decoder: FramedRequestDecoder | undefined;

  get dialect(): 'framed' {
    return 'framed';
  }

  get shutdown(): Uint8Array {
    return shutdown;
  }

  get bufferedBytes(): number {
    return this.#decoder?.bufferedBytes ?? 0;
  }

  receive(read: Buffer): void {
    this.#decoder ??= spare ?? new FramedRequestDecoder();
    if (this.#decoder === spare) spare = undefined;
    this.#decoder.push(read);
  }

  next(): Request | undefined {
    const frame = this.#decoder?.next();
    if (frame === undefined) {
      if (this.#decoder?.bufferedBytes === 0) {
        spare = this.#decoder;
        this.#decoder = undefined;
      }
      return undefined;
    }
    return frame.kind === 'request' ? requestOf(frame.operation, frame.content) : tooLong(frame);
  }

  status(status: Status, detail?: ResponseDetail): Uint8Array {
    if (detail === undefined) return encodeFramedResponse(status);
    return encodeFramedResponse(status, detail.token ?? `${detail.retryAfterS ?? ''}`);
  }

  sendStatus(status: Status): Uint8Array {
    return encodeFramedResponse(status);
  }

  /** Writes 12, or 9 for the last page. [P-6.4] */
  loginPage({ items, last }: Page<readonly Message[]>): void {
    const status = last ? Status.loggedInUnread : Status.loggedInMore;
    this.write(encodeFramedResponse(status, items.map(joinMessage).join('\n')));
  }

  /** Writes 18, or the outcome's status for the last page. [P-6.4] */
  searchPage({ items, last }: Page<NameList>, { status }: FoundOutcome): void {
    this.write(encodeFramedResponse(last ? status : Status.foundMore, items.join('|')));
  }

  push(message: Message): void {
    this.write(encodeFramedResponse(Status.incoming, joinMessage(message)));
  }
}

function tooLong({ operation, contentBytes }: OversizedRequest): Request {
  const limit = requestContentBytesLimit(operation);
  const reason = `a request of operation ${operation} that announces ${contentBytes} bytes, and may have ${limit} [P-6.5]`;
  return { operation: 'broken', reason };
}

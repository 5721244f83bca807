import {
  type FoundOutcome,
  type LoginResult,
  type Request,
  unreadPages,
  usernamePages,
} from '@tandem/chat';
import {
  encodeFramedResponse,
  FramedRequestDecoder,
  framedVersion,
  joinMessage,
  type Message,
  type OversizedRequest,
  requestContentBytesLimit,
  type SearchOutcome,
  Status,
} from '@tandem/core';
import type { Dialect, Output } from './dialect.ts';
import { requestOf } from './request.ts';

const greeting = Buffer.of(framedVersion);
const shutdown = encodeFramedResponse(Status.shuttingDown);

function tooLong({ operation, contentBytes }: OversizedRequest): Request {
  const limit = requestContentBytesLimit(operation);
  const reason = `a request of operation ${operation} that announces ${contentBytes} bytes, and may have ${limit} [P-6.5]`;
  return { operation: 'broken', reason };
}

/** The framed dialect, version 1. [P-6] */
export class FramedDialect implements Dialect {
  get name(): 'framed' {
    return 'framed';
  }

  readonly #decoder = new FramedRequestDecoder();

  get greeting(): Uint8Array {
    return greeting;
  }

  get shutdown(): Uint8Array {
    return shutdown;
  }

  get takenWhenAccepted(): boolean {
    return false;
  }

  get bufferedBytes(): number {
    return this.#decoder.bufferedBytes;
  }

  push(read: Buffer): void {
    this.#decoder.push(read);
  }

  next(): Request | undefined {
    const frame = this.#decoder.next();
    if (frame === undefined) return undefined;
    return frame.kind === 'request' ? requestOf(frame.operation, frame.content) : tooLong(frame);
  }

  status(status: Status): Uint8Array {
    return encodeFramedResponse(status);
  }

  sendStatus(status: Status): Uint8Array {
    return encodeFramedResponse(status);
  }

  incoming(message: Message): Uint8Array {
    return encodeFramedResponse(Status.incoming, joinMessage(message));
  }

  /** Pages are made one at a time as the connection drains; all but the last say 12. [P-6.4] */
  async login(result: LoginResult, output: Output): Promise<void> {
    if (!('session' in result) || result.session.unread === 0) {
      output.write(encodeFramedResponse(result.status));
      return;
    }
    for await (const { items, last } of unreadPages(result.session)) {
      const status = last ? Status.loggedInUnread : Status.loggedInMore;
      output.write(encodeFramedResponse(status, items.map(joinMessage).join('\n')));
      if (!last) await output.drained();
    }
  }

  found(outcome: SearchOutcome): Uint8Array {
    if (!('usernames' in outcome)) return encodeFramedResponse(outcome.status);
    return encodeFramedResponse(outcome.status, outcome.usernames.join('|'));
  }

  /** Pages are made one at a time as the connection drains; all but the last say 18. [P-6.4] */
  async search(outcome: FoundOutcome, output: Output): Promise<void> {
    for (const { items, last } of usernamePages(outcome.usernames)) {
      const status = last ? outcome.status : Status.foundMore;
      output.write(encodeFramedResponse(status, items.join('|')));
      if (!last) await output.drained();
    }
  }
}

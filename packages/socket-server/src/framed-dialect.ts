import type { LoginResult, Session } from '@tandem/chat';
import {
  encodeFramedResponse,
  FramedRequestDecoder,
  frameContentBytesMax,
  framedVersion,
  joinMessage,
  type Message,
  messageBytes,
  pageOfMessages,
  pageOfUsernames,
  type SearchOutcome,
  Status,
} from '@tandem/core';
import type { Dialect, Output, Request } from './dialect.ts';

const messagesPerRead = 512;
const greeting = Buffer.of(framedVersion);
const shutdown = encodeFramedResponse(Status.shuttingDown);

/** The framed dialect, version 1. [P-6] */
export class FramedDialect implements Dialect {
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
    return this.#decoder.next();
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
    const { session } = result;
    let waiting: Message[] = [];
    let left = session.unread;
    while (left > 0) {
      waiting = await fillPage(session, waiting);
      const { content, count } = pageOfMessages(waiting, 0, frameContentBytesMax);
      waiting = waiting.slice(count);
      // A mailbox that holds less than it counted lost writes; the page that comes short is the last.
      left = count === 0 ? 0 : left - count;
      const status = left > 0 ? Status.loggedInMore : Status.loggedInUnread;
      output.write(encodeFramedResponse(status, content));
      if (left > 0) await output.drained();
    }
  }

  /** Pages are made one at a time as the connection drains; all but the last say 18. [P-6.4] */
  async search(outcome: SearchOutcome, output: Output): Promise<void> {
    if (!('usernames' in outcome)) {
      output.write(encodeFramedResponse(outcome.status));
      return;
    }
    const { usernames, status } = outcome;
    let from = 0;
    while (from < usernames.length) {
      const { content, count } = pageOfUsernames(usernames, from, frameContentBytesMax);
      from += count;
      const last = from === usernames.length;
      output.write(encodeFramedResponse(last ? status : Status.foundMore, content));
      if (!last) await output.drained();
    }
  }
}

/** Reads until what waits fills a page, or the mailbox has no more. */
async function fillPage(session: Session, waiting: readonly Message[]): Promise<Message[]> {
  const messages = [...waiting];
  let bytes = messages.reduce((sum, message) => sum + messageBytes(message) + 1, 0);
  while (bytes <= frameContentBytesMax) {
    const more = await session.readUnread(messagesPerRead);
    if (more.length === 0) break;
    for (const message of more) {
      messages.push(message);
      bytes += messageBytes(message) + 1;
    }
  }
  return messages;
}

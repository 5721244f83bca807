import { type FoundOutcome, type LoginResult, type Request, usernamePages } from '@tandem/chat';
import {
  encodeSeedIncoming,
  encodeSeedListHeader,
  encodeSeedStatus,
  joinMessage,
  type Message,
  type SearchOutcome,
  SeedRequestDecoder,
  Status,
} from '@tandem/core';
import type { Dialect, Output } from './dialect.ts';
import { requestOf } from './request.ts';

const messagesPerRead = 256;
const unknown: Request = { operation: 'unknown' };
const newline = Buffer.from('\n');
const bar = Buffer.from('|');

/** The unframed dialect of the 2023 program, byte for byte. [P-7] */
export class SeedDialect implements Dialect {
  get name(): 'seed' {
    return 'seed';
  }

  readonly #decoder = new SeedRequestDecoder();

  get greeting(): undefined {
    return undefined;
  }

  get shutdown(): undefined {
    return undefined;
  }

  get takenWhenAccepted(): boolean {
    return true;
  }

  // Where a request ends is not to be known, so none is ever incomplete.
  get bufferedBytes(): number {
    return 0;
  }

  push(read: Buffer): void {
    this.#decoder.push(read);
  }

  next(): Request | undefined {
    const request = this.#decoder.next();
    if (request === undefined) return undefined;
    return request.kind === 'request' ? requestOf(request.operation, request.content) : unknown;
  }

  status(status: Status): Uint8Array {
    return encodeSeedStatus(status);
  }

  sendStatus(status: Status, toOneself: boolean): Uint8Array | undefined {
    if (status === Status.delivered && toOneself) return undefined;
    return encodeSeedStatus(status);
  }

  incoming(message: Message): Uint8Array {
    return encodeSeedIncoming(joinMessage(message));
  }

  /** One 9 with the full count; the list behind it is written as the connection drains. [P-7.3] */
  async login(result: LoginResult, output: Output): Promise<void> {
    if (!('session' in result) || result.session.unread === 0) {
      output.write(encodeSeedStatus(result.status));
      return;
    }
    const { session } = result;
    // The 2023 client asks once for the whole list, so its count and its beginning leave together.
    let before: Uint8Array = encodeSeedListHeader(Status.loggedInUnread, session.unread);
    for (;;) {
      const messages = await session.readUnread(messagesPerRead);
      if (messages.length === 0) return;
      const list = Buffer.from(messages.map(joinMessage).join('\n'), 'latin1');
      output.write(Buffer.concat([before, list]), messages.length);
      before = newline;
      await output.drained();
    }
  }

  found(outcome: SearchOutcome): Uint8Array {
    if (!('usernames' in outcome)) return encodeSeedStatus(outcome.status);
    const header = encodeSeedListHeader(Status.found, outcome.usernames.length);
    return Buffer.concat([header, Buffer.from(outcome.usernames.join('|'), 'latin1')]);
  }

  /** One 16 with the full count, cut without a word where ours would say 19. [P-7.3] */
  async search(outcome: FoundOutcome, output: Output): Promise<void> {
    let before: Uint8Array = encodeSeedListHeader(Status.found, outcome.usernames.length);
    for (const { items } of usernamePages(outcome.usernames)) {
      output.write(Buffer.concat([before, Buffer.from(items.join('|'), 'latin1')]));
      before = bar;
      await output.drained();
    }
  }
}

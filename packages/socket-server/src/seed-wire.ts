import type { FoundOutcome, NameList, Page, Request } from '@tandem/chat';
import { joinMessage, type Message, Status } from '@tandem/core';
import {
  encodeSeedIncoming,
  encodeSeedListHeader,
  encodeSeedStatus,
  SeedRequestDecoder,
} from '@tandem/core/seed';
import { requestOf } from './request.ts';
import { SocketWire } from './socket-wire.ts';

const unknown: Request = { operation: 'unknown' };
const newline = Buffer.from('\n');
const bar = Buffer.from('|');

/**
 * A connection in the unframed dialect of the 2023 program, byte for byte. Its clients do not
 * acknowledge: a message is taken once the kernel has accepted its bytes. [P-7]
 */
export class SeedWire extends SocketWire {
  readonly #decoder = new SeedRequestDecoder();
  /** Messages that were written and that the kernel has not accepted. */
  #underWay = 0;
  /** Messages of this session that it has accepted; below 0 while some of an earlier one are under way. */
  #taken = 0;

  get dialect(): 'seed' {
    return 'seed';
  }

  get shutdown(): undefined {
    return undefined;
  }

  // Where a request ends is not to be known, so none is ever incomplete.
  get bufferedBytes(): number {
    return 0;
  }

  receive(read: Buffer): void {
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

  /** A message to oneself is answered by its push alone. [P-7.3] */
  sendStatus(status: Status, toOneself: boolean): Uint8Array | undefined {
    if (status === Status.delivered && toOneself) return undefined;
    return encodeSeedStatus(status);
  }

  sessionBegan(): void {
    this.#taken = -this.#underWay;
  }

  /**
   * Writes one 9 with the full count before the first page. The 2023 client asks once for the whole
   * list, so its count and its beginning leave together. [P-7.3]
   */
  loginPage({ items, first }: Page<readonly Message[]>, unread: number): void {
    const before = first ? encodeSeedListHeader(Status.loggedInUnread, unread) : newline;
    const list = Buffer.from(items.map(joinMessage).join('\n'), 'latin1');
    this.#writeMessages(Buffer.concat([before, list]), items.length);
  }

  /** Writes one 16 with the full count before the first page, also where the framed dialect says 19. [P-7.3] */
  searchPage({ items, first }: Page<NameList>, { usernames }: FoundOutcome): void {
    const before = first ? encodeSeedListHeader(Status.found, usernames.length) : bar;
    this.write(Buffer.concat([before, Buffer.from(items.join('|'), 'latin1')]));
  }

  push(message: Message): void {
    this.#writeMessages(encodeSeedIncoming(joinMessage(message)), 1);
  }

  override accepted(messages: number): void {
    this.#underWay -= messages;
    this.#taken += messages;
    if (this.#taken > 0) this.owner.taken(this.#taken);
  }

  #writeMessages(bytes: Uint8Array, messages: number): void {
    this.#underWay += messages;
    this.output.write(bytes, messages);
  }
}

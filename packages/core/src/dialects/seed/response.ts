import { Status } from '../../rules/codes.ts';
import { messageCharsMax, usernameCharsMax } from '../../rules/limits.ts';
import { ReadQueue } from './read-queue.ts';

const seedStatuses: ReadonlySet<number> = new Set([
  Status.registered,
  Status.usernameTaken,
  Status.loggedIn,
  Status.loggedInUnread,
  Status.notRegistered,
  Status.alreadyLoggedIn,
  Status.found,
  Status.notFound,
  Status.delivered,
  Status.stored,
  Status.noSuchUser,
  Status.sendFailed,
  Status.incoming,
  Status.loggedOut,
  Status.deleted,
  Status.badOperation,
  Status.unknownError,
]);

/** Returns the status that a client of 2023 gets in place of one that it does not know. [P-7.4] */
export function toSeedStatus(status: Status): Status {
  if (status === Status.mailboxFull) return Status.sendFailed;
  return seedStatuses.has(status) ? status : Status.unknownError;
}

/** Encodes a response without content: one byte. [P-7.3] */
export function encodeSeedStatus(status: Status): Buffer {
  return Buffer.of(toSeedStatus(status));
}

/** Encodes the header of a list: the status and a u16 that **counts** the items, where the framed dialect has the length. [P-7.3] */
export function encodeSeedListHeader(
  status: typeof Status.loggedInUnread | typeof Status.found,
  count: number,
): Buffer {
  return Buffer.of(status, count >> 8, count & 0xff);
}

/** Encodes an incoming message: 32 and `sender|body`, with nothing to say where it ends. [P-7.3] */
export function encodeSeedIncoming(content: string): Buffer {
  return Buffer.from(`${String.fromCharCode(Status.incoming)}${content}`, 'latin1');
}

/** A response as a client of 2023 would have read it, cut or run together as it came. [P-7.3] */
export interface SeedResponse {
  readonly status: number;
  /** For 9 and 16: how many items the server counted. */
  readonly count?: number;
  /** The content as the client took it; it may have run into what followed. */
  readonly content: string;
}

/** The bytes that the 2023 client asked for per item; it had no other way to know where a list ends. [P-7.3] */
const messageBytesAsked = messageCharsMax + usernameCharsMax + 2;
const usernameBytesAsked = usernameCharsMax + 1;
const incomingBytesAsked = messageCharsMax + usernameCharsMax + 1;

/** Turns reads into responses as the 2023 client did, defects included. Does no I/O and never throws. [P-7.3] */
export class SeedResponseDecoder {
  readonly #reads = new ReadQueue();
  #status: number | undefined;
  #count: number | undefined;

  /** Adds what one read returned. */
  push(read: Uint8Array): void {
    this.#reads.push(read);
  }

  /** Returns the next response; undefined when it needs another read. */
  next(): SeedResponse | undefined {
    this.#status ??= this.#reads.receive(1)?.[0];
    switch (this.#status) {
      case undefined:
        return undefined;
      case Status.loggedInUnread:
        return this.#list(messageBytesAsked);
      case Status.found:
        return this.#list(usernameBytesAsked);
      case Status.incoming:
        return this.#text(incomingBytesAsked);
      default:
        return this.#done('');
    }
  }

  #list(bytesAskedPerItem: number): SeedResponse | undefined {
    if (this.#count === undefined) {
      const header = this.#reads.receive(2);
      if (header === undefined) return undefined;
      this.#count = header.readUIntBE(0, header.length);
    }
    return this.#text(this.#count * bytesAskedPerItem);
  }

  #text(bytesAsked: number): SeedResponse | undefined {
    const text = bytesAsked === 0 ? Buffer.alloc(0) : this.#reads.receive(bytesAsked);
    return text && this.#done(text.toString('latin1'));
  }

  #done(content: string): SeedResponse {
    const response = {
      status: this.#status as number,
      ...(this.#count !== undefined && { count: this.#count }),
      content,
    };
    this.#status = undefined;
    this.#count = undefined;
    return response;
  }
}

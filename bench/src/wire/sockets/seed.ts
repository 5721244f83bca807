import { SeedRequestDecoder, SeedResponseDecoder } from '@tandem/core';
import {
  type Account,
  type ConnectionAccounts,
  type ConnectionDissector,
  type Dissector,
  WireError,
} from '../dissector.ts';
import { accountText } from './text.ts';

/**
 * Takes the seed dialect apart, read by read: a chunk is taken for what one read returned, as its
 * clients and servers do. [P-7]
 */
export function dissectSeed({ sent, received }: ConnectionAccounts): ConnectionDissector {
  return { sent: new SeedRequests(sent), received: new SeedResponses(received) };
}

class SeedRequests implements Dissector {
  readonly #decoder = new SeedRequestDecoder();
  readonly #account: Account;
  #pendingBytes = 0;

  constructor(account: Account) {
    this.#account = account;
  }

  get pendingBytes(): number {
    return this.#pendingBytes;
  }

  push(chunk: Uint8Array): void {
    this.#decoder.push(chunk);
    this.#pendingBytes += chunk.length;
    for (let next = this.#decoder.next(); next !== undefined; next = this.#decoder.next()) {
      if (next.kind === 'unknown-operation') throw new WireError(`operation ${next.operation}`);
      this.#account('framing', 1);
      accountText(next.content, this.#account);
      this.#pendingBytes -= 1 + next.content.length;
    }
  }
}

class SeedResponses implements Dissector {
  readonly #decoder = new SeedResponseDecoder();
  readonly #account: Account;
  #pendingBytes = 0;

  constructor(account: Account) {
    this.#account = account;
  }

  get pendingBytes(): number {
    return this.#pendingBytes;
  }

  push(chunk: Uint8Array): void {
    this.#decoder.push(chunk);
    this.#pendingBytes += chunk.length;
    for (let next = this.#decoder.next(); next !== undefined; next = this.#decoder.next()) {
      const headerBytes = next.count === undefined ? 1 : 3;
      this.#account('framing', headerBytes);
      accountText(next.content, this.#account);
      this.#pendingBytes -= headerBytes + next.content.length;
    }
    // Half a count is read for a count; the bytes would not add up.
    if (this.#pendingBytes < 0) throw new WireError('a read ends inside a count');
  }
}

import { Operation } from '../../rules/codes.ts';
import { queryCharsMax, usernameCharsMax } from '../../rules/limits.ts';
import { requestContentBytesMax } from '../framed/request.ts';
import { ReadQueue } from './read-queue.ts';

/** A request as the seed dialect carries it, the content as far as one read had it. [P-7.2] */
export interface SeedRequest {
  readonly kind: 'request';
  readonly operation: Operation;
  /** One character a byte. */
  readonly content: string;
}

/** A byte that names no operation of 2023. The bytes after it are the next request. [P-7.2] */
export interface UnknownSeedOperation {
  readonly kind: 'unknown-operation';
  readonly operation: number;
}

// An entry for each operation that the 2023 program knew: how many bytes it asked `recv` for.
const contentBytesLimits: ReadonlyMap<number, number> = new Map<number, number>([
  [Operation.register, usernameCharsMax],
  [Operation.login, usernameCharsMax],
  [Operation.search, queryCharsMax],
  [Operation.send, requestContentBytesMax],
  [Operation.logout, usernameCharsMax],
  [Operation.delete, usernameCharsMax],
]);

/**
 * Encodes a request of the seed dialect: `op u8` and text, without a length or an end. [P-7.2]
 *
 * @param content ASCII, not empty: an empty text cannot be said in this dialect
 */
export function encodeSeedRequest(operation: Operation, content: string): Buffer {
  const bytes = Buffer.allocUnsafe(1 + content.length);
  bytes[0] = operation;
  bytes.write(content, 1, 'latin1');
  return bytes;
}

/**
 * Turns reads into requests as the 2023 server did, defects included: what arrives split is cut,
 * and what arrives together runs together. Does no I/O and never throws. [P-7.2]
 */
export class SeedRequestDecoder {
  readonly #reads = new ReadQueue();
  #operation: Operation | undefined;

  /** Adds what one read returned. */
  push(read: Uint8Array): void {
    this.#reads.push(read);
  }

  /** Returns the next request; undefined when it needs another read. */
  next(): SeedRequest | UnknownSeedOperation | undefined {
    if (this.#operation === undefined) {
      const byte = this.#reads.receive(1)?.[0];
      if (byte === undefined) return undefined;
      if (!contentBytesLimits.has(byte)) return { kind: 'unknown-operation', operation: byte };
      this.#operation = byte as Operation;
    }
    const text = this.#reads.receive(contentBytesLimits.get(this.#operation) as number);
    if (text === undefined) return undefined;
    const operation = this.#operation;
    this.#operation = undefined;
    return { kind: 'request', operation, content: text.toString('latin1') };
  }
}

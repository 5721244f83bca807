import type { ChatError } from '../errors.ts';
import { searchResultsMax, usernameCharsMax } from '../limits.ts';
import { Operation } from '../operation.ts';
import { type AnswerContent, noContent, type Outcome } from './answer.ts';

/** The most that a search's pages can hold, in bytes: as many usernames as one returns. [P-4.3] */
const searchBytesMax = searchResultsMax * (usernameCharsMax + 1);

// A server's mailbox limit is its operator's to choose. This is far beyond a sensible one, and ends
// a server that never stops.
const loginBytesMax = 256 * 1024 * 1024;

/** A request whose answer has not come, or not all of it. */
export class PendingRequest {
  readonly operation: Operation;
  readonly promise: Promise<Outcome>;
  readonly resolve: (outcome: Outcome) => void;
  readonly #reject: (error: ChatError) => void;
  #pages: AnswerContent[] | undefined;
  #pagesBytes = 0;

  constructor(operation: Operation) {
    const { promise, resolve, reject } = Promise.withResolvers<Outcome>();
    this.operation = operation;
    this.promise = promise;
    this.resolve = resolve;
    this.#reject = reject;
  }

  /** Whether pages have come, so that only another page or the last can follow. [P-6.4] */
  get paged(): boolean {
    return this.#pages !== undefined;
  }

  /**
   * Adds the content of one frame. Returns false when that is more than the answer can hold.
   *
   * @param bytes what the content weighs
   */
  addPage(content: AnswerContent, bytes: number): boolean {
    this.#pages ??= [];
    this.#pages.push(content);
    this.#pagesBytes += bytes;
    const bytesMax = this.operation === Operation.search ? searchBytesMax : loginBytesMax;
    return this.#pagesBytes <= bytesMax;
  }

  /** All pages joined. */
  get content(): AnswerContent {
    const pages = this.#pages;
    if (pages === undefined) return noContent;
    if (pages.length === 1) return pages[0] as AnswerContent;
    return {
      messages: pages.flatMap(({ messages }) => messages),
      usernames: pages.flatMap(({ usernames }) => usernames),
    };
  }

  /** Rejects, also when the caller has not looked at the promise yet: that must not end the process. */
  reject(error: ChatError): void {
    this.promise.catch(ignore);
    this.#reject(error);
  }
}

/** A promise that has rejected, and does not end the process if nobody looks at it. */
export function rejected(error: ChatError): Promise<never> {
  const promise = Promise.reject(error);
  promise.catch(ignore);
  return promise;
}

function ignore(): void {}

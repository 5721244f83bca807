import {
  type SeedRequest,
  SeedRequestDecoder,
  type SeedResponse,
  SeedResponseDecoder,
} from '@tandem/core/seed';
import type { Annotator, Annotators } from '../annotator.ts';
import { type ConnectionDissector, type Dissector, WireError } from '../dissector.ts';
import { annotateRequestText, annotateResponseText, operationWords, statusWords } from './text.ts';

/**
 * Takes the seed dialect apart, read by read. Each chunk counts as the result of one read, as
 * clients and servers of the dialect do. [P-7]
 */
export function dissectSeed({ sent, received }: Annotators): ConnectionDissector {
  return { sent: new SeedRequests(sent), received: new SeedResponses(received) };
}

class SeedRequests implements Dissector {
  readonly #decoder = new SeedRequestDecoder();
  readonly #annotator: Annotator;
  #pendingBytes = 0;

  constructor(annotator: Annotator) {
    this.#annotator = annotator;
  }

  get pendingBytes(): number {
    return this.#pendingBytes;
  }

  push(chunk: Uint8Array): void {
    this.#decoder.push(chunk);
    this.#pendingBytes += chunk.length;
    for (let next = this.#decoder.next(); next !== undefined; next = this.#decoder.next()) {
      if (next.kind === 'unknown-operation') throw new WireError(`operation ${next.operation}`);
      this.#annotate(next);
      this.#pendingBytes -= 1 + next.content.length;
    }
  }

  #annotate({ operation, content }: SeedRequest): void {
    const words = operationWords(operation);
    this.#annotator.within({ title: `request ${words}`, clause: 'P-7.2' }, () => {
      this.#annotator.add('framing', 1, `operation ${words}`);
      annotateRequestText(operation, content, this.#annotator);
    });
  }
}

class SeedResponses implements Dissector {
  readonly #decoder = new SeedResponseDecoder();
  readonly #annotator: Annotator;
  #pendingBytes = 0;

  constructor(annotator: Annotator) {
    this.#annotator = annotator;
  }

  get pendingBytes(): number {
    return this.#pendingBytes;
  }

  push(chunk: Uint8Array): void {
    this.#decoder.push(chunk);
    this.#pendingBytes += chunk.length;
    for (let next = this.#decoder.next(); next !== undefined; next = this.#decoder.next()) {
      const bytes = (next.count === undefined ? 1 : 3) + next.content.length;
      // Half a count would be read as a count, and the bytes would not add up.
      if (bytes > this.#pendingBytes) throw new WireError('a read ends inside a count');
      this.#annotate(next);
      this.#pendingBytes -= bytes;
    }
  }

  #annotate({ status, count, content }: SeedResponse): void {
    const words = statusWords(status);
    this.#annotator.within({ title: `response ${words}`, clause: 'P-7.3' }, () => {
      this.#annotator.add('framing', 1, `status ${words}`);
      if (count !== undefined) this.#annotator.add('framing', 2, `count ${count}`);
      annotateResponseText(status, content, this.#annotator);
    });
  }
}

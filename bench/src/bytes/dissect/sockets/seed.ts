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
  return {
    sent: new SeedDirection(new SeedRequestDecoder(), (next) => {
      if (next.kind === 'unknown-operation') throw new WireError(`operation ${next.operation}`);
      annotateRequest(next, sent);
      return 1 + next.content.length;
    }),
    received: new SeedDirection(new SeedResponseDecoder(), (next, pendingBytes) => {
      const bytes = (next.count === undefined ? 1 : 3) + next.content.length;
      // Half a count would be read as a count, and the bytes would not add up.
      if (bytes > pendingBytes) throw new WireError('a read ends inside a count');
      annotateResponse(next, received);
      return bytes;
    }),
  };
}

interface Decoder<Unit> {
  push(chunk: Uint8Array): void;
  next(): Unit | undefined;
}

class SeedDirection<Unit> implements Dissector {
  readonly #decoder: Decoder<Unit>;
  readonly #annotate: (unit: Unit, pendingBytes: number) => number;
  #pendingBytes = 0;

  /** @param annotate annotates a request or a response, and returns its length in bytes */
  constructor(decoder: Decoder<Unit>, annotate: (unit: Unit, pendingBytes: number) => number) {
    this.#decoder = decoder;
    this.#annotate = annotate;
  }

  get pendingBytes(): number {
    return this.#pendingBytes;
  }

  push(chunk: Uint8Array): void {
    this.#decoder.push(chunk);
    this.#pendingBytes += chunk.length;
    for (let next = this.#decoder.next(); next !== undefined; next = this.#decoder.next()) {
      this.#pendingBytes -= this.#annotate(next, this.#pendingBytes);
    }
  }
}

function annotateRequest({ operation, content }: SeedRequest, annotator: Annotator): void {
  const words = operationWords(operation);
  annotator.within({ title: `request ${words}`, clause: 'P-7.2' }, () => {
    annotator.add('framing', 1, `operation ${words}`);
    annotateRequestText(operation, content, annotator);
  });
}

function annotateResponse({ status, count, content }: SeedResponse, annotator: Annotator): void {
  const words = statusWords(status);
  annotator.within({ title: `response ${words}`, clause: 'P-7.3' }, () => {
    annotator.add('framing', 1, `status ${words}`);
    if (count !== undefined) annotator.add('framing', 2, `count ${count}`);
    annotateResponseText(status, content, annotator);
  });
}

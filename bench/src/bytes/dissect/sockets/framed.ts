import {
  type FramedRequest,
  FramedRequestDecoder,
  type FramedResponse,
  FramedResponseDecoder,
  framedVersion,
  hasContent,
  Operation,
  type OversizedRequest,
  Status,
  type UnknownStatus,
} from '@tandem/core';
import type { Annotator, Annotators } from '../annotator.ts';
import { type ConnectionDissector, type Dissector, WireError } from '../dissector.ts';
import { annotateRequestText, annotateResponseText, operationWords, statusWords } from './text.ts';

type Frame = FramedRequest | OversizedRequest | FramedResponse | UnknownStatus;

interface FrameDecoder {
  readonly bufferedBytes: number;
  push(chunk: Uint8Array): void;
  next(): Frame | undefined;
}

/** Takes the framed dialect apart, with the decoders that servers and clients use. [P-6] */
export function dissectFramed({ sent, received }: Annotators): ConnectionDissector {
  return {
    sent: new FramedDissector(new FramedRequestDecoder(), sent),
    received: new FramedDissector(new FramedResponseDecoder(), received),
  };
}

/** One direction: the version byte, then frames. */
class FramedDissector implements Dissector {
  readonly #decoder: FrameDecoder;
  readonly #annotator: Annotator;
  #versionSeen = false;

  constructor(decoder: FrameDecoder, annotator: Annotator) {
    this.#decoder = decoder;
    this.#annotator = annotator;
  }

  get pendingBytes(): number {
    return this.#decoder.bufferedBytes;
  }

  push(chunk: Uint8Array): void {
    if (chunk.length === 0) return;
    this.#decode(this.#versionSeen ? chunk : this.#takeVersion(chunk));
  }

  #takeVersion(chunk: Uint8Array): Uint8Array {
    if (chunk[0] !== framedVersion) throw new WireError(`version byte ${chunk[0]}`);
    this.#versionSeen = true;
    const title = `version ${framedVersion & 0x7f}`;
    this.#annotator.within({ title, clause: 'P-6.1' }, () =>
      this.#annotator.add('framing', 1, title),
    );
    return chunk.subarray(1);
  }

  #decode(chunk: Uint8Array): void {
    this.#decoder.push(chunk);
    for (let frame = this.#next(); frame !== undefined; frame = this.#next()) {
      annotateFrame(frame, this.#annotator);
    }
  }

  #next(): FramedRequest | FramedResponse | undefined {
    const frame = this.#decoder.next();
    switch (frame?.kind) {
      case 'oversized':
        throw new WireError(`operation ${frame.operation} with ${frame.contentBytes} bytes`);
      case 'unknown-status':
        throw new WireError(`byte ${frame.byte} where a status should be`);
      default:
        return frame;
    }
  }
}

function annotateFrame(frame: FramedRequest | FramedResponse, annotator: Annotator): void {
  if ('operation' in frame) annotateRequest(frame, annotator);
  else annotateResponse(frame, annotator);
}

function annotateRequest({ operation, content }: FramedRequest, annotator: Annotator): void {
  annotator.within({ title: `request ${operationWords(operation)}`, clause: 'P-6.2' }, () => {
    annotator.add('framing', 1, `operation ${operationWords(operation)}`);
    annotator.add('framing', 2, lengthWords(content));
    // A count belongs to the protocol; no user wrote it.
    if (operation !== Operation.acknowledge) annotateRequestText(operation, content, annotator);
    else annotator.add('framing', content.length, `count ${content} of messages taken`);
  });
}

function annotateResponse({ status, content }: FramedResponse, annotator: Annotator): void {
  const kind = status === Status.incoming || status === Status.shuttingDown ? 'push' : 'response';
  annotator.within({ title: `${kind} ${statusWords(status)}`, clause: 'P-6.3' }, () => {
    annotator.add('framing', 1, `status ${statusWords(status)}`);
    if (!hasContent(status)) return;
    annotator.add('framing', 2, lengthWords(content));
    annotateResponseText(status, content, annotator);
  });
}

function lengthWords(content: string): string {
  return `length ${content.length}`;
}

import { Operation } from '@tandem/core';
import { headerBytes } from '../../lanes/framed-protobuf.ts';
import type { Annotator, Annotators } from '../annotator.ts';
import type { ConnectionDissector, Dissector } from '../dissector.ts';
import { messageShape } from '../grpc/contract.ts';
import { annotateMessage } from '../grpc/protobuf.ts';
import { PendingBytes } from '../pending-bytes.ts';
import { operationWords } from './text.ts';

/** Takes apart frames of protobuf: a search and its response, and a send, whose request is its response. */
export function dissectFramedProtobuf(annotators: Annotators): ConnectionDissector {
  return {
    sent: new FramedProtobufDirection('SearchRequest', annotators.sent),
    received: new FramedProtobufDirection('SearchResponse', annotators.received),
  };
}

class FramedProtobufDirection implements Dissector {
  readonly #searchMessage: string;
  readonly #annotator: Annotator;
  readonly #pending = new PendingBytes();

  constructor(searchMessage: string, annotator: Annotator) {
    this.#searchMessage = searchMessage;
    this.#annotator = annotator;
  }

  get pendingBytes(): number {
    return this.#pending.length;
  }

  push(chunk: Uint8Array): void {
    this.#pending.push(chunk);
    while (this.#takeFrame());
  }

  #takeFrame(): boolean {
    const header = this.#pending.peek(0, headerBytes);
    if (header === undefined) return false;
    const [operation, length] = [header.readUInt8(0), header.readUInt16BE(1)];
    const frame = this.#pending.take(headerBytes + length);
    if (frame === undefined) return false;
    const annotator = this.#annotator;
    annotator.within({ title: `frame ${operationWords(operation)}` }, () => {
      annotator.add('framing', 1, `operation ${operationWords(operation)}`);
      annotator.add('framing', 2, `length ${length}`);
      const name = operation === Operation.send ? 'MessageRequest' : this.#searchMessage;
      annotateMessage(messageShape(name), frame.subarray(headerBytes), annotator);
    });
    return true;
  }
}

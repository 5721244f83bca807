import { Operation } from '@tandem/core';
import { headerBytes } from '../../../lanes/net/framed-protobuf.ts';
import type { Annotator, Annotators } from '../annotator.ts';
import type { ConnectionDissector } from '../dissector.ts';
import { messageShape } from '../grpc/contract.ts';
import { annotateMessage } from '../grpc/protobuf.ts';
import { UnitDissector } from '../unit-dissector.ts';
import { operationWords } from './text.ts';

/** Takes apart frames of protobuf: a search and its response, and a send, whose request is its response. */
export function dissectFramedProtobuf(annotators: Annotators): ConnectionDissector {
  return {
    sent: new FramedProtobufDirection('SearchRequest', annotators.sent),
    received: new FramedProtobufDirection('SearchResponse', annotators.received),
  };
}

class FramedProtobufDirection extends UnitDissector {
  readonly #searchMessage: string;

  constructor(searchMessage: string, annotator: Annotator) {
    super(annotator);
    this.#searchMessage = searchMessage;
  }

  protected override takeUnit(): boolean {
    const header = this.pending.peek(0, headerBytes);
    if (header === undefined) return false;
    const [operation, length] = [header.readUInt8(0), header.readUInt16BE(1)];
    const frame = this.pending.take(headerBytes + length);
    if (frame === undefined) return false;
    const annotator = this.annotator;
    annotator.within({ title: `frame ${operationWords(operation)}` }, () => {
      annotator.add('framing', 1, `operation ${operationWords(operation)}`);
      annotator.add('framing', 2, `length ${length}`);
      const name = operation === Operation.send ? 'MessageRequest' : this.#searchMessage;
      annotateMessage(messageShape(name), frame.subarray(headerBytes), annotator);
    });
    return true;
  }
}

import type { Annotator } from '../annotator.ts';
import { WireError } from '../dissector.ts';
import type { BodyDissector } from '../http2/connection.ts';
import type { PendingBytes } from '../pending-bytes.ts';
import { UnitDissector } from '../unit-dissector.ts';
import { annotateMessage, type MessageShape } from './protobuf.ts';

/** Compressed flag and length. (gRPC over HTTP/2, "Length-Prefixed-Message") */
const prefixBytes = 5;

/** The longest message that grpc-js takes by default, in bytes; no message of the contract is longer. */
const messageBytesMax = 4 * 1024 * 1024;

/** The messages of one direction of a call, however DATA frames cut them. */
export class GrpcMessages extends UnitDissector implements BodyDissector {
  readonly #shape: MessageShape;

  constructor(shape: MessageShape, annotator: Annotator) {
    super(annotator);
    this.#shape = shape;
  }

  cut(): void {
    annotateCut(this.pending, prefixBytes, this.annotator);
  }

  protected override takeUnit(): boolean {
    const message = this.#next();
    if (message === undefined) return false;
    const title = 'length-prefixed message';
    this.annotator.within({ title, clause: 'gRPC over HTTP/2, Requests' }, () => {
      this.annotator.add('grpcPrefix', 1, 'not compressed');
      this.annotator.add('grpcPrefix', 4, `length ${message.length}`);
      annotateMessage(this.#shape, message, this.annotator);
    });
    return true;
  }

  #next(): Buffer | undefined {
    const prefix = this.pending.peek(0, prefixBytes);
    if (prefix === undefined) return undefined;
    if (prefix.readUInt8(0) !== 0) throw new WireError('a compressed message');
    const messageBytes = prefix.readUInt32BE(1);
    if (messageBytes > messageBytesMax) throw new WireError(`a message of ${messageBytes} bytes`);
    return this.pending.take(prefixBytes + messageBytes)?.subarray(prefixBytes);
  }
}

/** The one message that a body is: protobuf without a prefix, as the Connect protocol has it. */
export class BareMessage extends UnitDissector implements BodyDissector {
  readonly #shape: MessageShape;

  constructor(shape: MessageShape, annotator: Annotator) {
    super(annotator);
    this.#shape = shape;
  }

  // It has no length: only its end completes it.
  protected override takeUnit(): boolean {
    return false;
  }

  end(): void {
    const message = this.pending.take(this.pending.length);
    if (message !== undefined) annotateMessage(this.#shape, message, this.annotator);
  }

  cut(): void {
    annotateCut(this.pending, 0, this.annotator);
  }
}

/** Annotates the bytes of a message whose rest will not come. */
function annotateCut(pending: PendingBytes, prefixBytes: number, annotator: Annotator): void {
  const bytes = pending.take(pending.length)?.length ?? 0;
  const prefix = Math.min(prefixBytes, bytes);
  annotator.within({ title: 'message that a reset cut off' }, () => {
    annotator.add('grpcPrefix', prefix, 'flag and length, as far as they came');
    annotator.add('protobuf', bytes - prefix, 'the message, as far as it came');
  });
}

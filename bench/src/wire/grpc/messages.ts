import { type Account, WireError } from '../dissector.ts';
import type { BodyDissector } from '../http2/connection.ts';
import { PendingBytes } from '../pending-bytes.ts';
import { accountMessage, type MessageShape } from './protobuf.ts';

/** Compressed flag and length. (gRPC over HTTP/2, "Length-Prefixed-Message") */
const prefixBytes = 5;

/** What grpc-js takes unless told otherwise; no message of the contract is longer. */
const messageBytesMax = 4 * 1024 * 1024;

/** The messages of one direction of a call, however DATA frames cut them. */
export class GrpcMessages implements BodyDissector {
  readonly #shape: MessageShape;
  readonly #account: Account;
  readonly #pending = new PendingBytes();

  constructor(shape: MessageShape, account: Account) {
    this.#shape = shape;
    this.#account = account;
  }

  get pendingBytes(): number {
    return this.#pending.length;
  }

  push(data: Buffer): void {
    this.#pending.push(data);
    for (let message = this.#next(); message !== undefined; message = this.#next()) {
      this.#account('grpcPrefix', prefixBytes);
      accountMessage(this.#shape, message, this.#account);
    }
  }

  #next(): Buffer | undefined {
    const prefix = this.#pending.peek(0, prefixBytes);
    if (prefix === undefined) return undefined;
    if (prefix.readUInt8(0) !== 0) throw new WireError('a compressed message');
    const messageBytes = prefix.readUInt32BE(1);
    if (messageBytes > messageBytesMax) throw new WireError(`a message of ${messageBytes} bytes`);
    return this.#pending.take(prefixBytes + messageBytes)?.subarray(prefixBytes);
  }
}

/** The one message that a body is: protobuf without a prefix, as the Connect protocol has it. */
export class BareMessage implements BodyDissector {
  readonly #shape: MessageShape;
  readonly #account: Account;
  readonly #pending = new PendingBytes();

  constructor(shape: MessageShape, account: Account) {
    this.#shape = shape;
    this.#account = account;
  }

  get pendingBytes(): number {
    return this.#pending.length;
  }

  push(data: Buffer): void {
    this.#pending.push(data);
  }

  end(): void {
    const message = this.#pending.take(this.#pending.length);
    if (message !== undefined) accountMessage(this.#shape, message, this.#account);
  }
}

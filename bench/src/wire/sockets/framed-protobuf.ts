import { Operation } from '@tandem/core';
import { headerBytes } from '../../lanes/framed-protobuf.ts';
import type { Account, ConnectionAccounts, ConnectionDissector, Dissector } from '../dissector.ts';
import { messageShape } from '../grpc/contract.ts';
import { accountMessage } from '../grpc/protobuf.ts';
import { PendingBytes } from '../pending-bytes.ts';

/** Takes frames apart that hold protobuf: a search and its answer, a send that is answered with itself. */
export function dissectFramedProtobuf(accounts: ConnectionAccounts): ConnectionDissector {
  return {
    sent: new FramedProtobufDirection('SearchRequest', accounts.sent),
    received: new FramedProtobufDirection('SearchResponse', accounts.received),
  };
}

class FramedProtobufDirection implements Dissector {
  readonly #searchMessage: string;
  readonly #account: Account;
  readonly #pending = new PendingBytes();

  constructor(searchMessage: string, account: Account) {
    this.#searchMessage = searchMessage;
    this.#account = account;
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
    this.#account('framing', headerBytes);
    const name = operation === Operation.send ? 'MessageRequest' : this.#searchMessage;
    accountMessage(messageShape(name), frame.subarray(headerBytes), this.#account);
    return true;
  }
}

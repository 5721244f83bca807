import {
  type FramedRequest,
  FramedRequestDecoder,
  type FramedResponse,
  FramedResponseDecoder,
  framedVersion,
  hasContent,
  Operation,
  type OversizedRequest,
  type UnknownStatus,
} from '@tandem/core';
import {
  type Account,
  type ConnectionAccounts,
  type ConnectionDissector,
  type Dissector,
  WireError,
} from '../dissector.ts';
import { accountText } from './text.ts';

type Frame = FramedRequest | OversizedRequest | FramedResponse | UnknownStatus;

interface FrameDecoder {
  readonly bufferedBytes: number;
  push(chunk: Uint8Array): void;
  next(): Frame | undefined;
}

const headerBytes = 3;

/** Takes the framed dialect apart, with the decoders that servers and clients use. [P-6] */
export function dissectFramed({ sent, received }: ConnectionAccounts): ConnectionDissector {
  return {
    sent: new FramedDissector(new FramedRequestDecoder(), sent),
    received: new FramedDissector(new FramedResponseDecoder(), received),
  };
}

/** One direction: the version byte, then frames. */
class FramedDissector implements Dissector {
  readonly #decoder: FrameDecoder;
  readonly #account: Account;
  #versionSeen = false;

  constructor(decoder: FrameDecoder, account: Account) {
    this.#decoder = decoder;
    this.#account = account;
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
    this.#account('framing', 1);
    return chunk.subarray(1);
  }

  #decode(chunk: Uint8Array): void {
    this.#decoder.push(chunk);
    for (let frame = this.#next(); frame !== undefined; frame = this.#next()) {
      accountFrame(frame, this.#account);
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

function accountFrame(frame: FramedRequest | FramedResponse, account: Account): void {
  if ('status' in frame && !hasContent(frame.status)) {
    account('framing', 1);
    return;
  }
  account('framing', headerBytes);
  // A count is the protocol's own word: nobody said it.
  if ('operation' in frame && frame.operation === Operation.acknowledge) {
    account('framing', frame.content.length);
  } else {
    accountText(frame.content, account);
  }
}

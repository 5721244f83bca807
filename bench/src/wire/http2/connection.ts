import {
  type Account,
  type ConnectionAccounts,
  type ConnectionDissector,
  WireError,
} from '../dissector.ts';
import { type DirectionListener, Http2Direction } from './direction.ts';
import type { HeaderField } from './hpack.ts';

/** Takes apart what the DATA frames of one direction of one stream carry together. */
export interface BodyDissector {
  readonly pendingBytes: number;
  push(data: Buffer): void;
  /** The body is whole. Where it is one message without a length, only now can it be taken apart. */
  end?(): void;
}

/** Makes the dissectors of a stream's two bodies, by what the request asks for. */
export type BodyDissectors = (
  path: string,
  accounts: ConnectionAccounts,
) => { readonly sent: BodyDissector; readonly received: BodyDissector };

/** Told of each header that crosses. */
export type OnHeader = (direction: keyof ConnectionAccounts, field: HeaderField) => void;

/** Bodies that nothing is known of: all of it is content. */
export const opaqueBodies: BodyDissectors = (_path, accounts) => {
  const opaque = (account: Account): BodyDissector => ({
    pendingBytes: 0,
    push: (data) => account('content', data.length),
  });
  return { sent: opaque(accounts.sent), received: opaque(accounts.received) };
};

/**
 * Takes HTTP/2 apart. The bytes of both directions are to come in the order in which they crossed:
 * what an answer is shows in its request.
 */
export function dissectHttp2(
  accounts: ConnectionAccounts,
  bodies: BodyDissectors,
  onHeader: OnHeader = () => {},
): ConnectionDissector {
  const streams = new Streams(accounts, bodies, onHeader);
  const sent = new Http2Direction('client', accounts.sent, {
    ...streams.listener('sent'),
    settings: (settings) => received.obey(settings),
  });
  const received: Http2Direction = new Http2Direction('server', accounts.received, {
    ...streams.listener('received'),
    settings: (settings) => sent.obey(settings),
  });
  return {
    sent: withBodies(sent, () => streams.pendingBytes('sent')),
    received: withBodies(received, () => streams.pendingBytes('received')),
  };
}

function withBodies(direction: Http2Direction, bodyBytes: () => number) {
  return {
    get pendingBytes(): number {
      return direction.pendingBytes + bodyBytes();
    },
    push: (chunk: Uint8Array) => direction.push(chunk),
  };
}

type Way = keyof ConnectionAccounts;

/** The streams of a connection, and what their bodies are. */
class Streams {
  readonly #accounts: ConnectionAccounts;
  readonly #bodies: BodyDissectors;
  readonly #onHeader: OnHeader;
  readonly #streams = new Map<number, ReturnType<BodyDissectors>>();

  constructor(accounts: ConnectionAccounts, bodies: BodyDissectors, onHeader: OnHeader) {
    this.#accounts = accounts;
    this.#bodies = bodies;
    this.#onHeader = onHeader;
  }

  /** Bytes of messages that are not complete. */
  pendingBytes(way: Way): number {
    let bytes = 0;
    for (const stream of this.#streams.values()) bytes += stream[way].pendingBytes;
    return bytes;
  }

  listener(way: Way): Omit<DirectionListener, 'settings'> {
    return {
      headers: (streamId, fields) => this.#takeHeaders(way, streamId, fields),
      data: (streamId, data) => this.#stream(streamId)[way].push(data),
      ended: (streamId) => this.#end(way, streamId),
    };
  }

  #takeHeaders(way: Way, streamId: number, fields: readonly HeaderField[]): void {
    for (const field of fields) this.#onHeader(way, field);
    const path = fields.find(({ name }) => name === ':path')?.value;
    if (way === 'sent' && !this.#streams.has(streamId)) {
      if (path === undefined) throw new WireError(`stream ${streamId} asks for no path`);
      this.#streams.set(streamId, this.#bodies(path, this.#accounts));
    }
    this.#stream(streamId);
  }

  // The stream is kept: the other direction may go on, and what was under way still arrives.
  #end(way: Way, streamId: number): void {
    const body = this.#stream(streamId)[way];
    body.end?.();
    if (body.pendingBytes > 0) {
      throw new WireError(`stream ${streamId} ends inside a message`);
    }
  }

  #stream(streamId: number): ReturnType<BodyDissectors> {
    const stream = this.#streams.get(streamId);
    if (stream === undefined) throw new WireError(`nobody opened stream ${streamId}`);
    return stream;
  }
}

import type { Annotator, Annotators } from '../annotator.ts';
import { type ConnectionDissector, WireError } from '../dissector.ts';
import { type DirectionListener, Http2Direction } from './direction.ts';
import type { HeaderField } from './hpack.ts';

/** Takes apart the body that the DATA frames of one direction of one stream carry together. */
export interface BodyDissector {
  readonly pendingBytes: number;
  push(data: Buffer): void;
  /** The body is complete. A body that is one message without a length can be taken apart only now. */
  end?(): void;
}

/** Makes the dissectors of a stream's two bodies, by what the request asks for. */
export type BodyDissectors = (
  path: string,
  annotators: Annotators,
) => { readonly sent: BodyDissector; readonly received: BodyDissector };

/** Told of each header that crosses. */
export type OnHeader = (direction: keyof Annotators, field: HeaderField) => void;

/** Bodies of an unknown format: every byte is content. */
export const opaqueBodies: BodyDissectors = (_path, annotators) => {
  const opaque = (annotator: Annotator): BodyDissector => ({
    pendingBytes: 0,
    push: (data) => annotator.add('content', data.length, 'body'),
  });
  return { sent: opaque(annotators.sent), received: opaque(annotators.received) };
};

/**
 * Takes HTTP/2 apart. The bytes of both directions are to come in the order in which they crossed:
 * the request shows which format its response has.
 */
export function dissectHttp2(
  annotators: Annotators,
  bodies: BodyDissectors,
  onHeader: OnHeader = () => {},
): ConnectionDissector {
  const streams = new Streams(annotators, bodies, onHeader);
  const sent = new Http2Direction('client', annotators.sent, {
    ...streams.listener('sent'),
    settings: (settings) => received.obey(settings),
  });
  const received: Http2Direction = new Http2Direction('server', annotators.received, {
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

type Way = keyof Annotators;

/** A stream: its bodies, and their annotators. */
interface Stream {
  readonly bodies: ReturnType<BodyDissectors>;
  readonly annotators: Annotators;
}

/** The streams of a connection, and the formats of their bodies. */
class Streams {
  readonly #annotators: Annotators;
  readonly #bodies: BodyDissectors;
  readonly #onHeader: OnHeader;
  readonly #streams = new Map<number, Stream>();

  constructor(annotators: Annotators, bodies: BodyDissectors, onHeader: OnHeader) {
    this.#annotators = annotators;
    this.#bodies = bodies;
    this.#onHeader = onHeader;
  }

  /** Bytes of messages that are not complete. */
  pendingBytes(way: Way): number {
    let bytes = 0;
    for (const stream of this.#streams.values()) bytes += stream.bodies[way].pendingBytes;
    return bytes;
  }

  listener(way: Way): Omit<DirectionListener, 'settings'> {
    return {
      headers: (streamId, fields) => this.#takeHeaders(way, streamId, fields),
      data: (streamId, data) => this.#takeData(way, streamId, data),
      ended: (streamId) => this.#end(way, streamId),
    };
  }

  #takeHeaders(way: Way, streamId: number, fields: readonly HeaderField[]): void {
    for (const field of fields) this.#onHeader(way, field);
    const path = fields.find(({ name }) => name === ':path')?.value;
    if (way === 'sent' && !this.#streams.has(streamId)) {
      if (path === undefined) throw new WireError(`stream ${streamId} asks for no path`);
      const annotators = {
        sent: this.#annotators.sent.carried(),
        received: this.#annotators.received.carried(),
      };
      this.#streams.set(streamId, { bodies: this.#bodies(path, annotators), annotators });
    }
    this.#stream(streamId);
  }

  #takeData(way: Way, streamId: number, data: Buffer): void {
    const { bodies, annotators } = this.#stream(streamId);
    this.#annotators[way].carry(data.length, annotators[way]);
    bodies[way].push(data);
  }

  // The stream is kept: the other direction may go on, and what was under way still arrives.
  #end(way: Way, streamId: number): void {
    const body = this.#stream(streamId).bodies[way];
    body.end?.();
    if (body.pendingBytes > 0) {
      throw new WireError(`stream ${streamId} ends inside a message`);
    }
  }

  #stream(streamId: number): Stream {
    const stream = this.#streams.get(streamId);
    if (stream === undefined) throw new WireError(`nobody opened stream ${streamId}`);
    return stream;
  }
}

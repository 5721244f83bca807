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
  /** The stream was reset: what is pending is never complete, and is annotated now. Nothing follows. */
  cut(): void;
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
    cut: () => {},
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
  isReset: boolean;
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
      promised: (streamId, fields) => this.#open(way, streamId, fields),
      data: (streamId, data) => this.#takeData(way, streamId, data),
      ended: (streamId) => this.#end(way, streamId),
      reset: (streamId) => this.#reset(streamId),
    };
  }

  #takeHeaders(way: Way, streamId: number, fields: readonly HeaderField[]): void {
    if (way === 'sent' && !this.#streams.has(streamId)) {
      this.#open(way, streamId, fields);
      return;
    }
    for (const field of fields) this.#onHeader(way, field);
    this.#stream(streamId);
  }

  /** @param way which side has sent the headers of the request: in PUSH_PROMISE the server */
  #open(way: Way, streamId: number, fields: readonly HeaderField[]): void {
    for (const field of fields) this.#onHeader(way, field);
    const path = fields.find(({ name }) => name === ':path')?.value;
    if (path === undefined) throw new WireError(`stream ${streamId} asks for no path`);
    if (this.#streams.has(streamId)) throw new WireError(`stream ${streamId} is opened twice`);
    const annotators = {
      sent: this.#annotators.sent.carried(),
      received: this.#annotators.received.carried(),
    };
    const bodies = this.#bodies(path, annotators);
    this.#streams.set(streamId, { bodies, annotators, isReset: false });
  }

  #takeData(way: Way, streamId: number, data: Buffer): void {
    const { bodies, annotators, isReset } = this.#stream(streamId);
    if (isReset) {
      this.#annotators[way].add('http2Other', data.length, 'data behind a reset: nobody takes it');
      return;
    }
    this.#annotators[way].carry(data.length, annotators[way]);
    bodies[way].push(data);
  }

  // The stream is kept: the other direction may go on, and what was under way still arrives.
  #end(way: Way, streamId: number): void {
    const { bodies, isReset } = this.#stream(streamId);
    if (isReset) return;
    const body = bodies[way];
    body.end?.();
    if (body.pendingBytes > 0) {
      throw new WireError(`stream ${streamId} ends inside a message`);
    }
  }

  // Of the other direction, what was under way may still come.
  #reset(streamId: number): void {
    const stream = this.#stream(streamId);
    if (stream.isReset) return;
    stream.isReset = true;
    stream.bodies.sent.cut();
    stream.bodies.received.cut();
  }

  #stream(streamId: number): Stream {
    const stream = this.#streams.get(streamId);
    if (stream === undefined) throw new WireError(`nobody opened stream ${streamId}`);
    return stream;
  }
}

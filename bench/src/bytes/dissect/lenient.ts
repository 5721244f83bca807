import type { Layer } from '../layers.ts';
import { type Annotation, type AnnotationSinks, Annotator, type Annotators } from './annotator.ts';
import { type ConnectionDissector, type Dissector, WireError } from './dissector.ts';

/** Both directions of a connection whose bytes may be anything. */
export interface LenientConnection extends ConnectionDissector {
  /** The connection is over: annotates what is not complete as cut off. */
  end(): void;
}

/**
 * Takes a connection apart for whoever looks at it: it throws no {@link WireError}. From the first bytes
 * of a direction on that its protocol does not allow, all that has no annotation gets one that says so.
 * A ledger has to count what it understands, and takes the dissector itself.
 *
 * @param layer the layer of bytes that nobody understands
 */
export function dissectLeniently(
  dissect: (annotators: Annotators) => ConnectionDissector,
  sinks: AnnotationSinks,
  layer: Layer,
): LenientConnection {
  const covers = { sent: new Cover(sinks.sent, layer), received: new Cover(sinks.received, layer) };
  const { sent, received } = dissect({
    sent: covers.sent.annotator,
    received: covers.received.annotator,
  });
  const directions = {
    sent: new LenientDirection(sent, covers.sent),
    received: new LenientDirection(received, covers.received),
  };
  return {
    ...directions,
    end() {
      directions.sent.end();
      directions.received.end();
    },
  };
}

class LenientDirection implements Dissector {
  readonly #dissector: Dissector;
  readonly #cover: Cover;
  #bytes = 0;
  /** The reason for which nothing more is understood. */
  #reason: string | undefined;

  constructor(dissector: Dissector, cover: Cover) {
    this.#dissector = dissector;
    this.#cover = cover;
  }

  get pendingBytes(): number {
    return this.#reason === undefined ? this.#dissector.pendingBytes : 0;
  }

  push(chunk: Uint8Array): void {
    this.#bytes += chunk.length;
    try {
      if (this.#reason === undefined) this.#dissector.push(chunk);
    } catch (error) {
      if (!(error instanceof WireError)) throw error;
      this.#reason = `not understood: ${error.message}`;
    }
    if (this.#reason !== undefined) this.#cover.fill(this.#bytes, this.#reason);
  }

  end(): void {
    if (this.pendingBytes === 0) return;
    this.#reason ??= 'cut off: the rest did not come';
    this.#cover.fill(this.#bytes, this.#reason);
  }
}

/** The bytes of a direction that have an annotation. */
class Cover {
  readonly annotator: Annotator;
  readonly #sink: (annotation: Annotation) => void;
  readonly #layer: Layer;
  /** Every byte before has an annotation. */
  #to = 0;
  /** The annotations behind it: where each begins, and where it ends. */
  readonly #beyond = new Map<number, number>();
  #isFilled = false;

  constructor(sink: (annotation: Annotation) => void, layer: Layer) {
    this.annotator = Annotator.of((annotation) => this.#add(annotation));
    this.#sink = sink;
    this.#layer = layer;
  }

  /** Annotates each of the first `bytes` that has no annotation. Only this does so from now on. */
  fill(bytes: number, meaning: string): void {
    this.#isFilled = true;
    const starts = [...this.#beyond.keys()].sort((a, b) => a - b);
    for (const start of [...starts, bytes]) {
      const gap = { offset: this.#to, length: start - this.#to };
      if (gap.length > 0) this.#sink({ ...gap, layer: this.#layer, meaning, parts: [] });
      this.#to = this.#beyond.get(start) ?? start;
    }
    this.#beyond.clear();
  }

  #add(annotation: Annotation): void {
    // The other direction may still have bytes annotated here: a reset cuts both.
    if (this.#isFilled) return;
    this.#sink(annotation);
    const { offset, length } = annotation;
    this.#beyond.set(offset, offset + length);
    for (let end = this.#beyond.get(this.#to); end !== undefined; ) {
      this.#beyond.delete(this.#to);
      this.#to = end;
      end = this.#beyond.get(this.#to);
    }
  }
}

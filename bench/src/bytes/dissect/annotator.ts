import type { Layer } from '../layers.ts';

/** Something that bytes are part of: a frame, a header, a message, a field. */
export interface Part {
  readonly title: string;
  /** The clause that defines it: `RFC 9113, 6.2`, `P-6.2`; P is docs/PROTOCOL.md. */
  readonly clause?: string;
}

/** A run of bytes of one direction of a connection, and what they mean. */
export interface Annotation {
  /** Bytes of that direction before it. */
  readonly offset: number;
  /** At least 1. */
  readonly length: number;
  readonly layer: Layer;
  readonly meaning: string;
  /** The parts that it is in, the outermost first. Neighbours in one part have the same object. */
  readonly parts: readonly Part[];
}

/** Bytes that wait for their annotation, and the parts that they are in. */
interface Range {
  readonly offset: number;
  readonly length: number;
  readonly parts: readonly Part[];
}

/**
 * Gives the bytes of one stream, in their order, their layer and their meaning. It keeps count of
 * their places; a dissector says only how many bytes come next. Where a stream carries another
 * one (TLS a transport, HTTP/2 frames a message), the carried one has an annotator of its own, which
 * may lag behind. Its bytes keep the places at which they crossed, however frames cut them.
 */
export class Annotator {
  readonly #onAnnotation: (annotation: Annotation) => void;
  #ranges: Range[];
  #parts: readonly Part[] = [];

  private constructor(onAnnotation: (annotation: Annotation) => void, ranges: Range[]) {
    this.#onAnnotation = onAnnotation;
    this.#ranges = ranges;
  }

  /** An annotator of one direction of a connection. */
  static of(onAnnotation: (annotation: Annotation) => void): Annotator {
    return new Annotator(onAnnotation, [{ offset: 0, length: Infinity, parts: [] }]);
  }

  /** An annotator of a stream that this one carries. It has no bytes until they are carried. */
  carried(): Annotator {
    return new Annotator(this.#onAnnotation, []);
  }

  /** Annotates the next bytes; does nothing when there are none. */
  add(layer: Layer, length: number, meaning: string): void {
    for (const range of this.#take(length)) {
      this.#onAnnotation({ ...range, layer, meaning });
    }
  }

  /** Leaves the next bytes to the annotator of the stream that they carry. */
  carry(length: number, to: Annotator): void {
    to.#ranges.push(...this.#take(length));
  }

  /** Runs a function; the bytes that it annotates belong to the part. */
  within(part: Part, annotate: () => void): void {
    const outer = this.#parts;
    this.#parts = [...outer, part];
    try {
      annotate();
    } finally {
      this.#parts = outer;
    }
  }

  #take(length: number): Range[] {
    const taken: Range[] = [];
    for (let left = length; left > 0; ) {
      const range = this.#ranges[0];
      if (range === undefined) throw new Error(`${left} bytes are annotated that were not carried`);
      const { offset, parts } = range;
      const bytes = Math.min(left, range.length);
      taken.push({ offset, length: bytes, parts: [...parts, ...this.#parts] });
      if (bytes === range.length) this.#ranges.shift();
      else this.#ranges[0] = { offset: offset + bytes, length: range.length - bytes, parts };
      left -= bytes;
    }
    return taken;
  }
}

/** The annotators of both directions of a connection, or of what both of them carry. */
export interface Annotators {
  /** From client to server. */
  readonly sent: Annotator;
  /** From server to client. */
  readonly received: Annotator;
}

/** Takes the annotations of each direction of a connection. */
export type AnnotationSinks = Readonly<Record<keyof Annotators, (annotation: Annotation) => void>>;

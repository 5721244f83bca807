/**
 * The streams of an HTTP/2 session by their numbers, in the place of Node's map.
 *
 * A `Map` gets a new table each time that its table is full of entries that are gone, and V8 lets the old
 * table refer to the new one. A collection of the young generation takes what a dead object of the old
 * generation refers to for alive. So once one table has become old, all later ones stay until the old generation
 * is collected, and with them each stream that was ever in one of them. Here, such tables have numbers alone.
 * See docs/decisions/0050-strangers-have-few-calls-and-what-is-over-is-let-go.md.
 */
export class StreamTable<Stream> implements Iterable<[number, Stream]> {
  readonly #places = new Map<number, number>();
  readonly #streams: (Stream | undefined)[] = [];
  readonly #freePlaces: number[] = [];

  get size(): number {
    return this.#places.size;
  }

  get(id: number): Stream | undefined {
    const place = this.#places.get(id);
    return place === undefined ? undefined : this.#streams[place];
  }

  has(id: number): boolean {
    return this.#places.has(id);
  }

  set(id: number, stream: Stream): this {
    const place = this.#places.get(id) ?? this.#freePlaces.pop() ?? this.#streams.length;
    this.#places.set(id, place);
    this.#streams[place] = stream;
    return this;
  }

  /** Returns false if it was not there. */
  delete(id: number): boolean {
    const place = this.#places.get(id);
    if (place === undefined) return false;
    this.#places.delete(id);
    this.#streams[place] = undefined;
    this.#freePlaces.push(place);
    return true;
  }

  forEach(visit: (stream: Stream, id: number) => void): void {
    for (const [id, stream] of this) visit(stream, id);
  }

  *values(): Generator<Stream> {
    for (const [, stream] of this) yield stream;
  }

  *[Symbol.iterator](): Generator<[number, Stream]> {
    for (const [id, place] of this.#places) yield [id, this.#streams[place] as Stream];
  }
}

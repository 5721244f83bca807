// The characters of a block, as long as it has two names: what a change copies, and a lookup halves.
const blockCharsMax = 4_096;

const [end, afterEnd] = ['\n', '\v'];
const endCode = end.charCodeAt(0);

/**
 * Usernames in lexicographic order, in blocks of text: a name takes its letters and one more, and no
 * object. A search reads a block from its start, and others are found by halving.
 */
export class SortedNames {
  /** Names in order, each with its end. That sorts before all letters, so blocks compare as their first names. */
  readonly #blocks: string[] = [];
  /** Names above those of all blocks, which are no block yet. */
  #tail: string[] = [];
  #tailChars = 0;
  #last = '';
  #size = 0;

  /** The number of names. */
  get size(): number {
    return this.#size;
  }

  has(name: string): boolean {
    const text = this.#blocks[this.#blockOf(name)] ?? '';
    return text.startsWith(name + end, placeOf(text, name));
  }

  /** Adds a name that is not there. Names that come in order are added fastest. */
  add(name: string): void {
    this.#size++;
    if (name > this.#last) {
      this.#last = name;
      this.#tail.push(name);
      this.#tailChars += name.length + 1;
      if (this.#tailChars >= blockCharsMax) this.#endTail();
      return;
    }
    const at = this.#blockOf(name);
    const text = this.#blocks[at] ?? '';
    const place = placeOf(text, name);
    this.#put(at, text.slice(0, place) + name + end + text.slice(place));
  }

  /** Removes a name; does nothing when it is not there. */
  remove(name: string): void {
    const at = this.#blockOf(name);
    const text = this.#blocks[at] ?? '';
    const place = placeOf(text, name);
    if (!text.startsWith(name + end, place)) return;
    this.#size--;
    this.#put(at, text.slice(0, place) + text.slice(place + name.length + 1));
  }

  /**
   * Returns the names from `first` on, in order. Valid until the next name comes or goes: then ask again,
   * from the last name.
   */
  *from(first: string): IterableIterator<string> {
    const begin = this.#blockOf(first);
    for (let at = begin; at < this.#blocks.length; at++) {
      const text = this.#blocks[at] as string;
      for (let place = at === begin ? placeOf(text, first) : 0; place < text.length; ) {
        const nameEnd = text.indexOf(end, place);
        yield text.slice(place, nameEnd);
        place = nameEnd + 1;
      }
    }
  }

  /** Returns the index of the block that has the name, or would have it. */
  #blockOf(name: string): number {
    if (this.#tailChars > 0) this.#endTail();
    const key = name + afterEnd;
    let [low, high] = [0, this.#blocks.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#blocks[middle] as string) < key) low = middle + 1;
      else high = middle;
    }
    return Math.max(0, low - 1);
  }

  /** Puts a text in the place of a block: none when it is empty, two when it is too long. */
  #put(at: number, text: string): void {
    if (text === '') this.#blocks.splice(at, 1);
    else if (text.length <= blockCharsMax) this.#blocks[at] = text;
    else {
      const middle = text.indexOf(end, text.length >>> 1) + 1;
      this.#blocks.splice(at, 1, text.slice(0, middle), text.slice(middle));
    }
  }

  #endTail(): void {
    const text = this.#tail.join(end) + end;
    this.#tail = [];
    this.#tailChars = 0;
    const at = this.#blocks.length - 1;
    const before = this.#blocks[at];
    if (before === undefined || before.length + text.length > blockCharsMax)
      this.#blocks.push(text);
    else this.#blocks[at] = before + text;
  }
}

/** Returns the place in a block of the first name that is not below `name`. */
function placeOf(text: string, name: string): number {
  let [low, high] = [0, text.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    let begin = middle;
    while (begin > low && text.charCodeAt(begin - 1) !== endCode) begin--;
    const nameEnd = text.indexOf(end, middle);
    if (text.slice(begin, nameEnd) < name) low = nameEnd + 1;
    else high = begin;
  }
  return low;
}

import { nameEnd as end, nameEndCode } from './name-text.ts';

// The characters of a block, as long as it has two names: what a change copies, and a lookup halves.
const blockCharsMax = 4_096;

// The character behind that of the end.
const afterEnd = String.fromCharCode(nameEndCode + 1);

/**
 * Usernames in lexicographic order, in blocks of text: a name takes its letters and one more, and no
 * object. A search reads whole blocks, and names are found by halving.
 */
export class SortedNames {
  /** Names in order, each with its end. */
  readonly #blocks: string[] = [];
  #size = 0;

  /** The number of names. */
  get size(): number {
    return this.#size;
  }

  has(name: string): boolean {
    const text = this.#blocks[this.#blockOf(name)] ?? '';
    return text.startsWith(name + end, placeOf(text, name));
  }

  /**
   * Adds names at once that are above all that are there.
   *
   * @param text the names in order, each with its end
   * @param count the number of them
   */
  append(text: string, count: number): void {
    this.#size += count;
    for (let from = 0; from < text.length; ) {
      const last = from + blockCharsMax - 1;
      const fits = last >= text.length ? text.length : text.lastIndexOf(end, last) + 1;
      const to = fits > from ? fits : text.indexOf(end, from) + 1;
      this.#blocks.push(ownText(text.slice(from, to)));
      from = to;
    }
  }

  /** Adds a name that is not there. */
  add(name: string): void {
    this.#size++;
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
   * Returns the names from `first` on and below `before`, in order: texts of up to {@link blockCharsMax} characters,
   * with an end between each two names. Valid until the next name comes or goes: then ask again, from the last name
   * with its end on.
   */
  *textsOf(first: string, before: string): IterableIterator<string> {
    const begin = this.#blockOf(first);
    for (let at = begin; at < this.#blocks.length; at++) {
      const text = this.#blocks[at] as string;
      // The end of a name leads to the block before it when the name is the first of one.
      const from = at <= begin + 1 ? placeOf(text, first) : 0;
      const to = placeOf(text, before);
      if (from < to) yield text.slice(from, to - 1);
      if (to < text.length) return;
    }
  }

  /** Returns the index of the block that has the name, or would have it. */
  #blockOf(name: string): number {
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
}

/** Returns the same text, without the memory of a longer one that it may be a part of. */
export function ownText(text: string): string {
  return Buffer.from(text).toString();
}

/** Returns the place in a block of the first name that is not below `name`. */
function placeOf(text: string, name: string): number {
  let [low, high] = [0, text.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    let begin = middle;
    while (begin > low && text.charCodeAt(begin - 1) !== nameEndCode) begin--;
    const to = text.indexOf(end, middle);
    if (text.slice(begin, to) < name) low = to + 1;
    else high = begin;
  }
  return low;
}

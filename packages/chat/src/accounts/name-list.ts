import { nameEnd } from './name-text.ts';

/** The names up to which a list is short: it is found and written without waiting for the turns of long lists. */
export const smallListMax = 256;

/**
 * Usernames in order, in texts of many names: a name takes its letters and one more, and no object before it is
 * asked for. A search finds thousands, which then wait for a client that reads them.
 */
export class NameList {
  /** Names with an end between each two of them; none of the texts is empty. */
  #texts: readonly string[];
  #length: number;

  /**
   * @param texts in order, each of at least one name, with `nameEnd` between each two
   * @param length the number of names in them
   */
  constructor(texts: readonly string[], length: number) {
    this.#texts = texts;
    this.#length = length;
  }

  /** Returns a list of names, which are in order. */
  static of(names: readonly string[]): NameList {
    return new NameList(names.length === 0 ? [] : [names.join(nameEnd)], names.length);
  }

  /** The number of names. */
  get length(): number {
    return this.#length;
  }

  /** The number of bytes of the names alone. */
  get bytes(): number {
    return this.#texts.reduce((sum, text) => sum + text.length + 1, 0) - this.#length;
  }

  /** The names as one text, with {@link nameEnd} between each two. */
  get text(): string {
    // Most lists are of one name.
    return this.#texts.length === 1 ? (this.#texts[0] as string) : this.#texts.join(nameEnd);
  }

  /** Returns the names. */
  toArray(): string[] {
    return this.#length === 0 ? [] : this.text.split(nameEnd);
  }

  /** Returns the names as one text. */
  join(separator: string): string {
    return this.#length > 1 ? this.text.replaceAll(nameEnd, separator) : this.text;
  }

  /**
   * Returns the names in lists, each of as many as fit.
   *
   * @param bytesMax the bytes of a list with one between each two names; a name has no more
   */
  *pages(bytesMax: number): Generator<NameList, void> {
    let page: string[] = [];
    let free = bytesMax;
    for (const text of this.#texts) {
      let from = 0;
      while (from < text.length) {
        // The end behind the last name that fits.
        const to =
          text.length - from <= free ? text.length : text.lastIndexOf(nameEnd, from + free);
        if (to > from) {
          page.push(text.slice(from, to));
          free -= to + 1 - from;
          from = to + 1;
        }
        if (from < text.length) {
          yield listOf(page);
          page = [];
          free = bytesMax;
        }
      }
    }
    if (page.length > 0) yield listOf(page);
  }

  /** Returns the first names, as many as there are up to `count`. */
  first(count: number): NameList {
    const texts: string[] = [];
    let left = count;
    for (const text of this.#texts) {
      const names = countNames(text);
      if (names > left) {
        if (left > 0) texts.push(text.split(nameEnd, left).join(nameEnd));
        return new NameList(texts, count);
      }
      texts.push(text);
      left -= names;
    }
    return new NameList(texts, count - left);
  }

  /** Forgets the names, which were written. */
  clear(): void {
    this.#texts = [];
    this.#length = 0;
  }
}

function listOf(texts: readonly string[]): NameList {
  return new NameList(
    texts,
    texts.reduce((sum, text) => sum + countNames(text), 0),
  );
}

/** Returns the number of names in a text that is not empty. */
export function countNames(text: string): number {
  let names = 1;
  for (let at = text.indexOf(nameEnd); at !== -1; at = text.indexOf(nameEnd, at + 1)) names++;
  return names;
}

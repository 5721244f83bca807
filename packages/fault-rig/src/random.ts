/**
 * Random numbers that a seed repeats: sfc32 by Chris Doty-Humphrey (PractRand), seeded by a hash of
 * the text.
 */
export class Random {
  readonly #seed: string;
  #a: number;
  #b: number;
  #c: number;
  #counter = 1;

  constructor(seed: string) {
    this.#seed = seed;
    this.#a = hash(seed, 0);
    this.#b = hash(seed, 1);
    this.#c = hash(seed, 2);
    // The generator's author requires these draws: after them the seed has reached every bit.
    for (let i = 0; i < 12; i++) this.#next();
  }

  /** Makes a separate generator for one part of the work, which other draws do not change. */
  fork(part: string): Random {
    return new Random(`${this.#seed}/${part}`);
  }

  /** Returns a number from 0 to less than 1. */
  fraction(): number {
    return this.#next() / 2 ** 32;
  }

  /** A whole number, both ends included. */
  integer(min: number, max: number): number {
    return min + Math.floor(this.fraction() * (max - min + 1));
  }

  /** True with this probability. */
  chance(probability: number): boolean {
    return this.fraction() < probability;
  }

  /** One of a list that is not empty. */
  pick<T>(list: readonly T[]): T {
    return list[this.integer(0, list.length - 1)] as T;
  }

  /** Returns the time to the next of random events, `mean` apart on average. */
  exponential(mean: number): number {
    return -mean * Math.log(1 - this.fraction());
  }

  #next(): number {
    const sum = (this.#a + this.#b + this.#counter++) | 0;
    this.#a = this.#b ^ (this.#b >>> 9);
    this.#b = (this.#c + (this.#c << 3)) | 0;
    this.#c = ((this.#c << 21) | (this.#c >>> 11)) + sum;
    return sum >>> 0;
  }
}

/** Returns FNV-1a over the text, with another start for each number. */
function hash(text: string, number: number): number {
  let value = 0x811c9dc5 ^ number;
  for (const character of text) {
    value = Math.imul(value ^ (character.codePointAt(0) ?? 0), 0x01000193);
  }
  return value >>> 0;
}

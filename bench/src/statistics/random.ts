/** A source of numbers that are uniform on [0, 1). */
export type Random = () => number;

/**
 * Makes a source of random numbers that gives the same ones for the same seed: xoshiro128**
 * (Blackman & Vigna, "Scrambled Linear Pseudorandom Number Generators", 2021), whose state is filled
 * from the seed by a Weyl sequence and MurmurHash3's finaliser, as its authors advise a seed to be
 * spread. Numbers have 32 random bits. Not for secrets.
 */
export function seededRandom(seed: number): Random {
  const next = xoshiro128StarStar(spread(seed));
  return () => next() / 2 ** 32;
}

/** A time between two events that come at random, with the given mean: exponentially distributed. */
export function exponential(random: Random, mean: number): number {
  // 1 - u is never 0, so the logarithm is finite.
  return -Math.log(1 - random()) * mean;
}

/** A standard normal number (Box & Muller, 1958). For simulated experiments. */
export function normal(random: Random): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

/** The four words of xoshiro128**'s state. */
export type XoshiroState = readonly [number, number, number, number];

/** xoshiro128** itself: whole numbers from 0 to 2^32 - 1. The state must not be all zeros. */
export function xoshiro128StarStar(state: XoshiroState): () => number {
  let [a, b, c, d] = state;
  return () => {
    const result = Math.imul(rotateLeft(Math.imul(b, 5), 7), 9) >>> 0;
    const shifted = b << 9;
    c ^= a;
    d ^= b;
    b ^= c;
    a ^= d;
    c ^= shifted;
    d = rotateLeft(d, 11);
    return result;
  };
}

function rotateLeft(word: number, bits: number): number {
  return (word << bits) | (word >>> (32 - bits));
}

function spread(seed: number): XoshiroState {
  const word = (index: number) => {
    // 0x9e3779b9 is 2^32 divided by the golden ratio.
    let mixed = (seed + Math.imul(index, 0x9e3779b9)) | 0;
    mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b);
    mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
    return mixed ^ (mixed >>> 16);
  };
  return [word(1), word(2), word(3), word(4)];
}

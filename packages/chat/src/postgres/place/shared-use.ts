import type { Limiter } from '@tandem/identity';
import type { Place } from './place.ts';

/** The most keys of a limiter that a node tells of at once, those that have used most. */
const keysMax = 1_000;

/** The use of each limiter, by its name: what keys have taken. */
type Uses = Readonly<Record<string, readonly (readonly [string, number])[]>>;

/** The use that a node has told, and its number. */
interface Heard {
  readonly id: number;
  readonly used: Uses;
}

/** Limiters by their names; undefined for what has no limit. */
export type Limiters = Readonly<Record<string, Limiter | undefined>>;

/**
 * The limits of users and addresses that a node shares with the others: each adds what is used at the others
 * to its own, a moment later. A user who goes from node to node has one allowance, but for that moment.
 */
export class SharedUse {
  readonly #limiters: Limiters;
  readonly #place: Place;
  #after = 0;

  constructor(limiters: Limiters, place: Place) {
    this.#limiters = limiters;
    this.#place = place;
    for (const limiter of Object.values(limiters)) limiter?.takeUse();
  }

  /** Tells the others what was used here, and hears what was used there. */
  async exchange(): Promise<void> {
    const said: Record<string, Uses[string]> = {};
    for (const [name, limiter] of Object.entries(this.#limiters)) {
      const uses = limiter?.takeUse() ?? [];
      if (uses.length > 0) said[name] = mostOf(uses);
    }
    const isSilent = Object.keys(said).length === 0;
    const heard = await this.#place.read<Heard>('share-use', shareUseSql, [
      this.#place.node,
      isSilent ? null : JSON.stringify(said),
      this.#after,
    ]);
    for (const { id, used } of heard) {
      this.#after = id;
      for (const [name, uses] of Object.entries(used)) {
        for (const [key, amount] of uses) this.#limiters[name]?.addUse(key, amount);
      }
    }
  }
}

function mostOf(uses: (readonly [string, number])[]): Uses[string] {
  if (uses.length <= keysMax) return uses;
  return uses.sort(([, one], [, other]) => other - one).slice(0, keysMax);
}

// Keeps what is said, and returns what others said after a number.
const shareUseSql = 'SELECT id::float8 AS id, used FROM tandem.share_use($1, $2, $3)';

/** The amount of something that may be used. */
export interface Rate {
  /** At once, after a time without any. */
  readonly burst: number;
  /** In the long run; a fraction for less than one. */
  readonly perSecond: number;
}

/** A number of units taken at once, and the moment of it. */
interface Taken {
  readonly amount: number;
  /** By the clock of the limiter. */
  readonly atMs: number;
}

const defaultKeysMax = 100_000;
const sweepEveryMs = 1_000;

/**
 * Limits how often something happens for each key, by the generic cell rate algorithm: of each key it
 * knows one number, the time at which all that it has used is forgotten. [ITU-T I.371, Annex A]
 *
 * A key that has nothing used takes no room. When as many keys as it may have are in use, all further
 * ones share what one key may have: who makes up keys gains nothing by it.
 */
export class Limiter {
  readonly #unitMs: number;
  readonly #burstMs: number;
  readonly #keysMax: number;
  readonly #now: () => number;
  readonly #freeAtMs = new Map<string, number>();
  #sharedFreeAtMs = 0;
  /** The use of each key since the last {@link takeUse}; undefined before somebody asks for that. */
  #recent: Map<string, number> | undefined;
  #recentSinceMs = 0;
  #sweptAtMs = Number.NEGATIVE_INFINITY;

  /** @param now the clock, in milliseconds; it never goes back */
  constructor(
    rate: Rate,
    {
      keysMax = defaultKeysMax,
      now = () => performance.now(),
    }: {
      readonly keysMax?: number;
      readonly now?: () => number;
    } = {},
  ) {
    this.#unitMs = 1_000 / rate.perSecond;
    this.#burstMs = this.#unitMs * rate.burst;
    this.#keysMax = keysMax;
    this.#now = now;
  }

  /** The number of keys that have used something, as of the last sweep. */
  get keys(): number {
    return this.#freeAtMs.size;
  }

  /**
   * Uses `amount` if there is so much. Returns 0 then, else after how many milliseconds there is, if
   * nothing else is used meanwhile; then nothing was used.
   */
  take(key: string, amount = 1): number {
    const now = this.#now();
    const after = this.#freeAt(key, now) + amount * this.#unitMs;
    const waitMs = this.#waitMs(after, now);
    if (waitMs > 0) return waitMs;
    if (!this.#freeAtMs.has(key) && !this.#hasRoom(now)) {
      this.#sharedFreeAtMs = after;
      return 0;
    }
    this.#freeAtMs.set(key, after);
    this.#note(key, amount);
    return 0;
  }

  /** Returns after how many milliseconds {@link take} would return 0; uses nothing. */
  waitMs(key: string, amount = 1): number {
    const now = this.#now();
    return this.#waitMs(this.#freeAt(key, now) + amount * this.#unitMs, now);
  }

  /**
   * Gives back what was taken and not used after all, but for what is forgotten by now: it is there again.
   *
   * @param amount the part that was not used
   * @param taken all that was taken with it, a while ago; this part, now, unless given
   */
  giveBack(key: string, amount = 1, taken?: Taken): void {
    const freeAtMs = this.#freeAtMs.get(key);
    if (freeAtMs === undefined) return;
    const now = this.#now();
    const kept = taken === undefined ? amount : taken.amount - (now - taken.atMs) / this.#unitMs;
    if (kept <= 0) return;
    const given = Math.min(amount, kept);
    this.#note(key, -given);
    const after = freeAtMs - given * this.#unitMs;
    if (after > now) this.#freeAtMs.set(key, after);
    else this.#freeAtMs.delete(key);
  }

  /**
   * Returns what keys have taken here since the last call, those that took more than an eighth of what they
   * may have in that time; for others who limit the same, see {@link addUse}. Negative for what was given back.
   */
  takeUse(): (readonly [string, number])[] {
    const [recent, now] = [this.#recent, this.#now()];
    const leastAmount = Math.max(1, (now - this.#recentSinceMs) / this.#unitMs / 8);
    this.#recent = new Map();
    this.#recentSinceMs = now;
    return [...(recent ?? [])].filter(([, amount]) => Math.abs(amount) >= leastAmount);
  }

  /** Uses what a key has taken elsewhere, as far as there is so much. */
  addUse(key: string, amount: number): void {
    const now = this.#now();
    const known = this.#freeAtMs.get(key);
    if (known === undefined && !this.#hasRoom(now)) return;
    const after = Math.max(now, known ?? now) + amount * this.#unitMs;
    if (after > now) this.#freeAtMs.set(key, Math.min(after, now + this.#burstMs));
    else this.#freeAtMs.delete(key);
  }

  /** Returns how long to wait until all that is used by a time is within the burst. */
  #waitMs(after: number, now: number): number {
    const waitMs = after - this.#burstMs - now;
    // Sums of fractions are a little off.
    return waitMs > this.#unitMs * 1e-6 ? waitMs : 0;
  }

  /** Returns when all that a key has used is forgotten: now, or later. */
  #freeAt(key: string, now: number): number {
    const known = this.#freeAtMs.get(key);
    return Math.max(now, known ?? (this.#hasRoom(now) ? now : this.#sharedFreeAtMs));
  }

  #note(key: string, amount: number): void {
    const before = this.#recent?.get(key);
    // Nobody may ask for long.
    if (before === undefined && (this.#recent?.size ?? 0) >= this.#keysMax) return;
    this.#recent?.set(key, (before ?? 0) + amount);
  }

  #hasRoom(now: number): boolean {
    if (this.#freeAtMs.size < this.#keysMax) return true;
    // All of it at once, and so seldom: to look for one key would cost each newcomer as much.
    if (now - this.#sweptAtMs < sweepEveryMs) return false;
    this.#sweptAtMs = now;
    for (const [key, freeAtMs] of this.#freeAtMs) {
      if (freeAtMs <= now) this.#freeAtMs.delete(key);
    }
    return this.#freeAtMs.size < this.#keysMax;
  }
}

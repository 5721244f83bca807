import { Status } from '@tandem/core';
import type { StepOutcome } from '../traffic/traffic.ts';

// Whoever has no room left, and asks again and again, takes a twentieth of the time of a connection.
const pauseFactor = 20;

/** A message that waits until it is known if there is room. */
interface Waiting {
  readonly bytes: number;
  readonly go: () => void;
  readonly reject: (error: unknown) => void;
}

/** The bytes of a user, as one session hands them on to the next. */
export interface KnownBytes {
  /** Undefined before they were counted. */
  readonly bytes: number | undefined;
  /** The time before which they are not counted again, by the clock. */
  readonly countAgainMs: number;
}

/**
 * The bytes of a user's messages in all mailboxes, as the node of their session knows them: never fewer than
 * there are. [P-4.12] It counts them when they are asked for first, and again when they would be too many, since
 * others take messages at other nodes.
 */
export class StoredBytes {
  readonly #max: number;
  readonly #count: (exactly: boolean) => Promise<number>;
  readonly #now: () => number;
  readonly #waiting: Waiting[] = [];
  #bytes: number | undefined;
  #deciding = false;
  #countAgainMs: number;
  /** The writes whose outcome is not known: what they do not store is room again. */
  #underWay = 0;
  #onNoneUnderWay: () => void = () => {};

  /**
   * @param max the most bytes that there may be; infinity for no limit
   * @param count counts them in the database, after every write before the call; if not exactly, then soon and not
   *   too few
   * @param known what the session before knew of them, when the user has sent nothing since but here
   * @param now the clock, in milliseconds
   */
  constructor(
    max: number,
    count: (exactly: boolean) => Promise<number>,
    known: KnownBytes = { bytes: undefined, countAgainMs: 0 },
    now = () => performance.now(),
  ) {
    this.#max = max;
    this.#count = count;
    this.#bytes = known.bytes;
    this.#countAgainMs = known.countAgainMs;
    this.#now = now;
  }

  /** Its knowledge for the next session: messages whose outcome is not known count as stored. */
  get known(): KnownBytes {
    return { bytes: this.#bytes, countAgainMs: this.#countAgainMs };
  }

  /** True while messages wait until it is known if there is room. */
  get deciding(): boolean {
    return this.#deciding;
  }

  /**
   * Writes a message of so many bytes, in the order of the calls: within the call when there is surely room.
   * Rejects with what counting or writing rejects with.
   *
   * @param write told if it would be too much
   */
  write(bytes: number, write: (over: boolean) => Promise<StepOutcome>): Promise<StepOutcome> {
    if (this.#max === Number.POSITIVE_INFINITY) return write(false);
    if (!this.#deciding && this.#fits(bytes)) return this.#write(bytes, write);
    return new Promise((resolve, reject) => {
      const go = () => this.#write(bytes, write).then(resolve, reject);
      this.#waiting.push({ bytes, go, reject });
      if (!this.#deciding) void this.#decide();
    });
  }

  /** Lets those who wait go on, in their order; who comes meanwhile is the last of them. */
  async #decide(): Promise<void> {
    this.#deciding = true;
    for (let next = this.#waiting[0]; next !== undefined; next = this.#waiting[0]) {
      try {
        await this.#know(next.bytes);
        next.go();
      } catch (error) {
        next.reject(error);
      }
      this.#waiting.shift();
    }
    this.#deciding = false;
  }

  /** Finds out if so many bytes fit. */
  async #know(bytes: number): Promise<void> {
    if (this.#fits(bytes)) return;
    if (this.#underWay > 0) {
      await new Promise<void>((resolve) => {
        this.#onNoneUnderWay = resolve;
      });
    }
    if (this.#fits(bytes) || this.#now() < this.#countAgainMs) return;
    if (this.#bytes === undefined) {
      this.#bytes = await this.#count(false);
      if (this.#fits(bytes)) return;
    }
    const beginMs = this.#now();
    this.#bytes = await this.#count(true);
    const endMs = this.#now();
    this.#countAgainMs = endMs + pauseFactor * (endMs - beginMs);
  }

  #fits(bytes: number): boolean {
    return this.#bytes !== undefined && this.#bytes + bytes <= this.#max;
  }

  async #write(
    bytes: number,
    write: (over: boolean) => Promise<StepOutcome>,
  ): Promise<StepOutcome> {
    const taken = this.#fits(bytes) ? bytes : 0;
    this.#bytes = (this.#bytes ?? 0) + taken;
    this.#underWay++;
    try {
      const outcome = await write(taken === 0);
      const isStored = outcome[0] === Status.stored || outcome[0] === Status.delivered;
      if (!isStored) this.#bytes -= taken;
      return outcome;
    } finally {
      if (--this.#underWay === 0) this.#onNoneUnderWay();
    }
  }
}

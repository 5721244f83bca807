import { FairQueue } from './fair-queue.ts';
import type { Origin } from './origin.ts';

/** The cost of a client's work, in units of about 8 µs, the time that a request takes. */
export const turnCost = {
  request: 1,
  /** A request that the store writes for, with its share of the commit and of the answers after it. */
  write: 2,
  /** A call of gRPC, from its headers to its response. */
  call: 12,
  /** A page of a long response: 64 KiB are put together and handed to the kernel. */
  page: 64,
  /** To begin with a connection of HTTP/2. */
  connection: 32,
} as const;

// What all clients together get of one turn of the event loop: about 8 ms, and as much again for
// what follows from it, when all of it is written. With half of it, 64 calls of gRPC that come
// together on one connection took two turns, and a sixth longer.
const unitsPerTurn = 1_024;

// Units are filled up when fewer than this are left. To fill them up takes one more pass of the event
// loop, which a client that asks one thing at a time would pay for at each request.
const refillBelowUnits = unitsPerTurn - 32;

/**
 * Shares out the turns of the event loop among all clients, of whatever transport: so much work is
 * done in one turn, then others come in. What is left over waits, and is then done fairly: a bit
 * for each address, and a bit for each of its connections. Those who come for the first time and
 * those who come again have half of the units each, as long as both wait: so who asks for little
 * does not wait for everybody who asks for much.
 *
 * Each client alone is held back by its own limits. Hundreds of them that ask for much would
 * together make a turn long for everybody.
 */
export class Turns {
  readonly #first = new FairQueue<() => void>();
  readonly #again = new FairQueue<() => void>();
  #unitsLeft = unitsPerTurn;
  #scheduled = false;

  /** True while there is time left in this turn. */
  get hasTime(): boolean {
    return this.#unitsLeft > 0;
  }

  /** True while others wait for their turn. */
  get crowded(): boolean {
    return this.#first.length + this.#again.length > 0;
  }

  /** Uses so much of this turn, or of several that did little, and of the next ones if this one has less. */
  charge(units: number): void {
    this.#unitsLeft -= units;
    if (this.#unitsLeft < refillBelowUnits && !this.#scheduled) this.#schedule();
  }

  /**
   * Does work in a later turn, when its turn comes.
   *
   * @param again whether this goes on with what has had its share of a turn
   */
  wait(origin: Origin, work: () => void, again = false): void {
    (again ? this.#again : this.#first).push(origin, work);
    if (!this.#scheduled) this.#schedule();
  }

  /** Forgets work that waits. */
  cancel(origin: Origin, work: () => void): void {
    this.#first.delete(origin, work);
    this.#again.delete(origin, work);
  }

  /** A turn of the event loop begins. */
  begin(): void {
    this.#scheduled = false;
    this.#unitsLeft = unitsPerTurn;
    let [firstUnits, againUnits] = [0, 0];
    while (this.#unitsLeft > 0) {
      const isFirst =
        this.#first.length > 0 && (firstUnits <= againUnits || this.#again.length === 0);
      const work = (isFirst ? this.#first : this.#again).shift();
      if (work === undefined) return;
      const before = this.#unitsLeft;
      work();
      const units = before - this.#unitsLeft;
      if (isFirst) firstUnits += units;
      else againUnits += units;
    }
    if (!this.#scheduled) this.#schedule();
  }

  #schedule(): void {
    this.#scheduled = true;
    setImmediate(beginTurn, this);
  }
}

// One function for all: a turn begins thousands of times a second.
function beginTurn(turns: Turns): void {
  turns.begin();
}

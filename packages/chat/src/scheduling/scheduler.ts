import { FairQueue, levelCount, type Origin } from './fair-queue.ts';
import { RecentUse } from './recent-use.ts';

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
  /** A handshake of TLS, most of which is one signature. */
  handshake: 128,
} as const;

// The units of all clients together in a turn: about 8 ms, and as much again for the responses when all
// work writes. With half as many, 64 calls of gRPC that come together on one connection took two turns,
// and a sixth longer.
const unitsPerTurn = 1_024;

// While work waits: who has little to do waits for shorter turns.
const unitsPerCrowdedTurn = unitsPerTurn / 2;

// Use counts half after this time.
const halfLifeMs = 1_000;

// A connection whose recent use of turns is below the first, in units, is of level 0, and so on. A message
// to oneself every 10 ms comes to some 400 over a stream.
const unitsOfLevels = [512, 2_048, 8_192];

// Units are filled up when fewer than this are left. That takes one more pass of the event loop, which a
// client with one request at a time would pay for at each request.
const refillBelowUnits = unitsPerTurn - 32;

/**
 * Shares the turns of the event loop among all clients, of whatever transport. A turn has a number of
 * units; work beyond them waits for later turns, which serve addresses, and the connections of each, in
 * rotation, those that have used little lately more often. While both wait, work that comes for the first time has half of the units, and work that
 * goes on has the other half: so clients that ask for little do not wait for all that ask for much.
 *
 * The limits of a single client do not suffice: hundreds of clients that ask for much would together
 * make a turn long for everybody.
 */
export class Scheduler {
  readonly #use = new RecentUse(halfLifeMs);
  readonly #first = new FairQueue<() => void>((origin) => this.#levelOf(origin));
  readonly #again = new FairQueue<() => void>((origin) => this.#levelOf(origin));
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

  /** Uses units of this turn, and of the next ones if this turn has fewer. */
  charge(units: number): void {
    this.#unitsLeft -= units;
    if (this.#unitsLeft < refillBelowUnits && !this.#scheduled) this.#schedule();
  }

  /** Does work that costs so many units: now if there is time and nobody waits, or in a later turn. */
  take(origin: Origin, units: number, work: () => void): void {
    const begin = () => {
      this.charge(units);
      work();
    };
    if (this.hasTime && !this.crowded) begin();
    else this.defer(origin, begin);
  }

  /**
   * Does work in a later turn, when its turn comes.
   *
   * @param again true for work that goes on after its share of a turn
   */
  defer(origin: Origin, work: () => void, again = false): void {
    (again ? this.#again : this.#first).push(origin, work);
    if (!this.#scheduled) this.#schedule();
  }

  /** Cancels work that waits. */
  cancel(origin: Origin, work: () => void): void {
    this.#first.delete(origin, work);
    this.#again.delete(origin, work);
  }

  /** Begins a turn of the event loop: fills the units up, and does work that waits. */
  begin(): void {
    this.#scheduled = false;
    this.#unitsLeft = this.crowded ? unitsPerCrowdedTurn : unitsPerTurn;
    let [firstUnits, againUnits] = [0, 0];
    const nowMs = this.crowded ? performance.now() : 0;
    while (this.#unitsLeft > 0) {
      const isFirst =
        this.#first.length > 0 && (firstUnits <= againUnits || this.#again.length === 0);
      const next = (isFirst ? this.#first : this.#again).shift();
      if (next === undefined) return;
      const before = this.#unitsLeft;
      next.item();
      const units = before - this.#unitsLeft;
      this.#use.add(next.origin, units, nowMs);
      if (isFirst) firstUnits += units;
      else againUnits += units;
    }
    if (!this.#scheduled) this.#schedule();
  }

  #levelOf(origin: Origin): number {
    const used = this.#use.of(origin);
    const level = unitsOfLevels.findIndex((units) => used < units);
    return level === -1 ? levelCount - 1 : level;
  }

  #schedule(): void {
    this.#scheduled = true;
    setImmediate(beginTurn, this);
  }
}

// One function for all turns, as thousands begin in a second.
function beginTurn(scheduler: Scheduler): void {
  scheduler.begin();
}

import { FairQueue, type Origin, type Ticket } from './fair-queue.ts';
import { RecentUse } from './recent-use.ts';

/** The cost of a client's work, in units of about 8 µs, the time that a request takes. */
export const turnCost = {
  request: 1,
  /** A request that the store writes for, with its share of the commit and of the responses after it. */
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

// The longest work of a turn while work waits, in milliseconds. Units are what work costs on average. Code
// that is not compiled yet, or a collection of garbage, makes it several times as long.
const crowdedTurnMsMax = 4;

// The longest time in which a turn begins work that has just come, in milliseconds: that of its units.
const turnMsMax = 8;

// The units after which a turn looks at the clock again: those of two calls.
const unitsPerLook = 32;

// The units of a turn that are kept for users who have used little, beyond those of everybody.
const unitsKept = 128;

// The use up to which a user has used little. A message to oneself every 10 ms comes to some 300 units
// over a stream, and to some 1,700 as unary calls.
const modestUnits = 2_048;

// Use counts half after this time.
const halfLifeMs = 1_000;

// A connection whose recent use of turns is below the first, in units, is of level 0, and so on.
const unitsOfLevels = [512, 2_048, 8_192];

// Units are filled up when fewer than this are left. That takes one more pass of the event loop, which a
// client with one request at a time would pay for at each request.
const refillBelowUnits = unitsPerTurn - 32;

/** Work that waits for a turn, until it is cancelled. */
export type DeferredWork = Pick<Ticket<() => void>, 'cancel'>;

/** Work that waits, of one kind of client, and the units that this kind has used in this turn. */
class Line {
  readonly queue: FairQueue<() => void>;
  units = 0;

  constructor(levelOf: (origin: Origin) => number) {
    this.queue = new FairQueue(levelOf);
  }
}

/**
 * Shares the turns of the event loop among all clients, of whatever transport. A turn has a number of
 * units; work beyond them waits for later turns, which serve addresses, and the connections of each, in
 * rotation, those that have used little lately more often.
 *
 * Work waits in four lines, which have a turn's units in equal parts while all of them have work: that of
 * users, who are logged in, and that of strangers; of each, work that comes for the first time, and work
 * that goes on. So clients that ask for little do not wait for all that ask for much, and users do not
 * wait for all whom nobody knows, from however many addresses these come. A user who has used little
 * lately need not wait at all, while there are units that are kept for that.
 *
 * The limits of a single client do not suffice: hundreds of clients that ask for much would together
 * make a turn long for everybody.
 */
export class Scheduler {
  readonly #onTurn: () => void;
  readonly #use = new RecentUse(halfLifeMs);
  /** The number of sessions on each connection that has any. */
  readonly #sessions = new WeakMap<Origin, number>();
  readonly #ofUsers = { first: this.#newLine(), again: this.#newLine() };
  readonly #ofStrangers = { first: this.#newLine(), again: this.#newLine() };
  /** All lines; of those that have used equally much, the next in this order has its turn. */
  readonly #lines: readonly Line[] = [
    this.#ofUsers.first,
    this.#ofStrangers.first,
    this.#ofUsers.again,
    this.#ofStrangers.again,
  ];
  #listsUnwritten = 0;
  #unitsLeft = unitsPerTurn;
  #unitsKept = unitsKept;
  #scheduled = false;
  /** The time when the first work of this turn began, and the units at which it looks at the clock next. */
  #beganMs = 0;
  #nextLookUnits = 0;
  /** True while the work of a turn is done, whose use is counted by each piece of it. */
  #working = false;

  /** @param onTurn called before the work of a turn and after it, to begin what others wait for meanwhile */
  constructor(onTurn: () => void = () => {}) {
    this.#onTurn = onTurn;
  }

  /** The number of long lists of names that wait for nothing but a turn to be written. */
  get listsUnwritten(): number {
    return this.#listsUnwritten;
  }

  /** The units that are left of this turn; less than 0 when it has used more. */
  get unitsLeft(): number {
    return this.#unitsLeft;
  }

  /** True while there is time left in this turn. */
  get hasTime(): boolean {
    return this.#unitsLeft > 0;
  }

  /** True while others wait for their turn. */
  get crowded(): boolean {
    for (const { queue } of this.#lines) if (queue.length > 0) return true;
    return false;
  }

  /** True while there is time left in this turn, and nobody waits for it. */
  get isFree(): boolean {
    return this.hasTime && !this.crowded;
  }

  /** Tells whether a client has time in this turn: there is some for everybody, or it is a modest user. */
  hasTimeFor(origin: Origin): boolean {
    return this.hasTime || this.#keepsTimeFor(origin);
  }

  /** Tells whether work of a client may begin now: there is time and nobody waits, or it is a modest user. */
  mayBegin(origin: Origin): boolean {
    return this.isFree || this.#keepsTimeFor(origin);
  }

  /** Tells whether anybody is logged in on a connection. */
  isUser(origin: Origin): boolean {
    return this.#sessions.has(origin);
  }

  /** Notes that a user has logged in on a connection. */
  sessionBegan(origin: Origin): void {
    this.#sessions.set(origin, (this.#sessions.get(origin) ?? 0) + 1);
  }

  /** Notes that a session on a connection is over. */
  sessionEnded(origin: Origin): void {
    const left = (this.#sessions.get(origin) ?? 0) - 1;
    if (left > 0) this.#sessions.set(origin, left);
    else this.#sessions.delete(origin);
  }

  /**
   * Uses units of this turn; those that are kept for modest users when it has no others.
   *
   * @param origin the client whose work it is
   */
  charge(units: number, origin?: Origin): void {
    if (this.#unitsLeft <= 0 && origin !== undefined) {
      this.#unitsKept -= units;
      if (!this.#working) this.#use.add(origin, units);
    }
    this.#unitsLeft -= units;
    if (this.#unitsLeft >= refillBelowUnits) return;
    if (!this.#scheduled) this.#schedule();
    else if (this.#unitsLeft <= this.#nextLookUnits && !this.#working) this.#look();
  }

  /** Does work that costs so many units: now if there is time and nobody waits, or in a later turn. */
  take(origin: Origin, units: number, work: () => void): void {
    const begin = () => {
      this.charge(units);
      work();
    };
    if (this.isFree) begin();
    else this.defer(origin, begin);
  }

  /**
   * Does work in a later turn, when its turn comes. Returns its ticket, by which it can be cancelled.
   *
   * @param again true for work that goes on after its share of a turn
   */
  defer(origin: Origin, work: () => void, again = false): DeferredWork {
    const { first, again: goesOn } = this.isUser(origin) ? this.#ofUsers : this.#ofStrangers;
    const ticket = (again ? goesOn : first).queue.push(origin, work);
    if (!this.#scheduled) this.#schedule();
    return ticket;
  }

  /**
   * Resolves when a turn has time for work that goes on and costs so many units, which are used.
   *
   * @param isGone tells whether nobody waits for the work any more: then it uses none
   */
  async turn(origin: Origin, units: number, isGone: () => boolean): Promise<void> {
    if (this.isFree) {
      this.charge(units);
      return;
    }
    await new Promise<void>((resolve) => {
      const goOn = () => {
        if (!isGone()) this.charge(units);
        resolve();
      };
      this.defer(origin, goOn, true);
    });
  }

  /**
   * Does as {@link turn} does for each of so many pages of a long list of names, so that others have their share
   * between them. The list counts as unwritten meanwhile.
   *
   * @param isGone tells whether nobody waits for the list any more: it resolves soon then
   */
  async turnForNames(origin: Origin, pages: number, isGone: () => boolean): Promise<void> {
    this.#listsUnwritten++;
    try {
      for (let waited = 0; waited < pages && !isGone(); waited++) {
        await this.turn(origin, turnCost.page, isGone);
      }
    } finally {
      this.#listsUnwritten--;
    }
  }

  /** Begins a turn of the event loop: fills the units up, and does work that waits. */
  begin(): void {
    this.#scheduled = false;
    this.#onTurn();
    this.#unitsLeft = this.crowded ? unitsPerCrowdedTurn : unitsPerTurn;
    this.#unitsKept = unitsKept;
    this.#working = true;
    this.#work();
    this.#working = false;
    this.#onTurn();
    if (this.#unitsLeft <= 0 && !this.#scheduled) this.#schedule();
  }

  #work(): void {
    for (const line of this.#lines) line.units = 0;
    const nowMs = this.crowded ? performance.now() : 0;
    while (this.#unitsLeft > 0) {
      const line = this.#nextLine();
      const next = line?.queue.shift();
      if (line === undefined || next === undefined) return;
      const before = this.#unitsLeft;
      next.item();
      const units = before - this.#unitsLeft;
      this.#use.add(next.origin, units, nowMs);
      line.units += units;
      if (performance.now() - nowMs >= crowdedTurnMsMax) {
        this.#unitsLeft = Math.min(this.#unitsLeft, 0);
      }
    }
  }

  /** Returns the line with work that has used least in this turn; undefined when nothing waits. */
  #nextLine(): Line | undefined {
    let next: Line | undefined;
    for (const line of this.#lines) {
      if (line.queue.length === 0) continue;
      if (next === undefined || line.units < next.units) next = line;
    }
    return next;
  }

  #keepsTimeFor(origin: Origin): boolean {
    return this.#unitsKept > 0 && this.isUser(origin) && this.#use.of(origin) < modestUnits;
  }

  #newLine(): Line {
    return new Line((origin) => this.#use.rank(origin, unitsOfLevels));
  }

  /** Ends a turn that takes long, though it has units. */
  #look(): void {
    this.#nextLookUnits = this.#unitsLeft - unitsPerLook;
    if (performance.now() - this.#beganMs < turnMsMax) return;
    this.#unitsLeft = Math.min(this.#unitsLeft, 0);
  }

  #schedule(): void {
    this.#scheduled = true;
    this.#beganMs = performance.now();
    this.#nextLookUnits = this.#unitsLeft - unitsPerLook;
    setImmediate(beginTurn, this);
  }
}

// One function for all turns, as thousands begin in a second.
function beginTurn(scheduler: Scheduler): void {
  scheduler.begin();
}

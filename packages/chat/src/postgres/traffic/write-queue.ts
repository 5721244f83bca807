import { Fifo } from '@tandem/core';
import { FairQueue, type Origin } from '../../scheduling/fair-queue.ts';
import { RecentUse } from '../../scheduling/recent-use.ts';

/** The units of a write that is neither a send nor an acknowledgement, of which each takes one: some 30 µs. */
export const stepUnits = 8;

/** The units of a register, which writes each part of the name to an index. */
export const registerUnits = 16;

// A batch takes some 15 ms. Everybody waits for the one that is under way.
const unitsPerBatch = 512;

// What strangers get of it at least, when they want as much.
const unitsOfStrangers = 128;

// What a connection gets in its turn: one step, or eight sends.
const unitsPerTurn = stepUnits;

// The units that a connection has had of full batches, lately: from each of these on it has half as many turns as
// others of its address.
const levelBounds = [512, 4_096, 32_768] as const satisfies { readonly length: 3 };
const halfLifeMs = 10_000;

interface Waiting<Write> {
  readonly origin: Origin;
  readonly write: Write;
  readonly units: number;
  readonly isOfUser: boolean;
  /** Its number in the order of all. */
  readonly number: number;
}

/** The writes of one connection that wait, and the queue in which it waits for its turn while there are any. */
interface Flow<Write> {
  readonly waiting: Fifo<Waiting<Write>>;
  queue: FairQueue<Flow<Write>>;
}

/**
 * The writes of a node that wait for a batch. Users go before strangers, who get a part of each batch; among each,
 * addresses take turns, and so do the connections of each. The writes of one connection keep their order. So
 * somebody who asks for little waits for two batches or so, whatever others have waiting.
 */
export class WriteQueue<Write> {
  readonly #isUser: (origin: Origin) => boolean;
  readonly #use = new RecentUse(halfLifeMs);
  readonly #ofUsers: FairQueue<Flow<Write>>;
  readonly #ofStrangers: FairQueue<Flow<Write>>;
  readonly #flows = new WeakMap<Origin, Flow<Write>>();
  /** Those that have come since the last batch: as long as all of them fit into the next one, none has to be fair. */
  #fresh: Waiting<Write>[] = [];
  #freshUnits = 0;
  #pushed = 0;
  #length = 0;
  #units = 0;

  /** @param isUser tells whether somebody is logged in on a connection */
  constructor(isUser: (origin: Origin) => boolean) {
    this.#isUser = isUser;
    const levelOf = (origin: Origin) => this.#use.rank(origin, levelBounds);
    this.#ofUsers = new FairQueue(levelOf);
    this.#ofStrangers = new FairQueue(levelOf);
  }

  /** The number of writes that wait. */
  get length(): number {
    return this.#length;
  }

  /** The units of all writes that wait. */
  get units(): number {
    return this.#units;
  }

  /**
   * Adds a write behind the others of its connection.
   *
   * @param isOfUser true when it is a user's, though nobody is logged in on the connection any more
   */
  push(origin: Origin, write: Write, units: number, isOfUser = false): void {
    this.#fresh.push({ origin, write, units, isOfUser, number: this.#pushed++ });
    this.#freshUnits += units;
    this.#length++;
    this.#units += units;
  }

  /** Takes the next batch, in the order in which its writes came. */
  next(): Write[] {
    const fresh = this.#fresh;
    const allFit = this.#length === fresh.length && this.#freshUnits <= unitsPerBatch;
    this.#fresh = [];
    this.#freshUnits = 0;
    if (allFit) {
      this.#length = 0;
      this.#units = 0;
      return fresh.map(({ write }) => write);
    }
    for (const waiting of fresh) this.#enqueue(waiting);
    return this.#takeFairly();
  }

  #enqueue(waiting: Waiting<Write>): void {
    const { origin, isOfUser } = waiting;
    let flow = this.#flows.get(origin);
    if (flow === undefined) {
      flow = { waiting: new Fifo(), queue: this.#ofStrangers };
      this.#flows.set(origin, flow);
    }
    // Who logs in or out meanwhile stays where its other writes wait, so that their order stays.
    if (flow.waiting.length === 0) {
      flow.queue = isOfUser || this.#isUser(origin) ? this.#ofUsers : this.#ofStrangers;
      flow.queue.push(origin, flow);
    }
    flow.waiting.push(waiting);
  }

  #takeFairly(): Write[] {
    const batch: Waiting<Write>[] = [];
    let left = unitsPerBatch;
    const takeTurn = (flow: Flow<Write>, leave: number) => {
      for (let units = unitsPerTurn; units > 0 && left > leave; ) {
        const waiting = flow.waiting.shift();
        if (waiting === undefined) return;
        units -= waiting.units;
        left -= waiting.units;
        batch.push(waiting);
      }
    };
    const take = (queue: FairQueue<Flow<Write>>, leave: number) => {
      while (left > leave) {
        const ticket = queue.shift();
        if (ticket === undefined) return;
        const { item: flow, origin } = ticket;
        takeTurn(flow, leave);
        if (flow.waiting.length > 0) queue.push(origin, flow);
      }
    };
    take(this.#ofUsers, this.#ofStrangers.length > 0 ? unitsOfStrangers : 0);
    take(this.#ofStrangers, 0);
    take(this.#ofUsers, 0);
    this.#length -= batch.length;
    this.#units -= unitsPerBatch - left;
    // While there is room for all, nobody takes anything from anybody.
    if (this.#length > 0) for (const { origin, units } of batch) this.#use.add(origin, units);
    batch.sort((one, other) => one.number - other.number);
    return batch.map(({ write }) => write);
  }
}

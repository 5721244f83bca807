import type { QueryConfig } from 'pg';
import type { Origin } from '../../scheduling/fair-queue.ts';
import type { StoreError } from '../../store/store-error.ts';
import type { Connection } from '../database/connection.ts';
import { errorOfWrite, gaveUpWaiting, NodeLost } from '../database/errors.ts';
import {
  type Acknowledgement,
  type Send,
  type StepOutcome,
  Traffic,
  type TrafficWrite,
} from './traffic.ts';
import { registerUnits, stepUnits, WriteQueue } from './write-queue.ts';

/** A step that is neither a send nor an acknowledgement, as the schema knows it. */
export interface Step {
  readonly do:
    | 'register'
    | 'claim'
    | 'resume'
    | 'end'
    | 'kick'
    | 'delete'
    | 'remove'
    | 'reset'
    | 'secret'
    | 'block'
    | 'unblock';
  readonly username: string;
  readonly [detail: string]: unknown;
}

/** A write that waits, and who waits for it. */
type Waiting =
  | TrafficWrite
  | {
      readonly step: Step;
      readonly resolve: (outcome: StepOutcome) => void;
      readonly reject: (error: StoreError) => void;
    };

/** A client that has asked for writes. */
interface Client {
  /** The write that it has asked for last. */
  last: Promise<unknown>;
  /** The units of all of them. */
  units: number;
}

/** A part of a batch, in the form of the schema, and how its outcome is told. */
interface Part {
  step(names: readonly string[]): unknown;
  tell(outcome: unknown): void;
}

// What takes some 32 batches: half a second.
const crowdedUnits = 16_384;

// The responses that a client may be owed then: a new one, and one that has been here for a while.
const owedCrowdedMin = 2;
const owedCrowdedMax = 32;

// A batch is over in some milliseconds. A server that says nothing for so long is gone, or its disk is.
const responseWithinMs = 10_000;

/** The options of a line of writes. */
export interface LineOptions {
  /** A connection on which nothing else is asked. */
  readonly connection: Connection;
  /** The number of the node. */
  readonly node: number;
  readonly mailboxMessagesMax: number;
  /** Tells whether somebody is logged in on a connection. */
  readonly isUser: (origin: Origin) => boolean;
  /** Called once, when it is not known any more what the database has done. */
  readonly onLost: (error: StoreError) => void;
  /** Called when a batch is written. */
  readonly onWritten: () => void;
}

/**
 * The writes of a node, on one connection. What waits while a batch is under way is the next batch, as much of it as
 * takes some milliseconds: one call of one function, which is a transaction of its own. So many writes share a
 * commit. The writes of a client keep their order; see {@link WriteQueue} for those of several.
 *
 * A batch that the database refuses is refused whole, and the line goes on. One whose outcome is not known
 * ends the line: to ask again could do it twice, or late.
 */
export class Line {
  readonly #options: LineOptions;
  readonly #waiting: WriteQueue<Waiting>;
  /** The acknowledgement of each session that waits, which a later one only makes higher. */
  readonly #acknowledgements = new Map<
    number,
    { readonly waiting: Acknowledgement; readonly removed: Promise<number> }
  >();
  readonly #clients = new WeakMap<Origin, Client>();
  #idle: PromiseWithResolvers<void> | undefined;
  #running = false;
  #scheduled = false;
  #ended: StoreError | undefined;

  constructor(options: LineOptions) {
    this.#options = options;
    this.#waiting = new WriteQueue(options.isUser);
  }

  /**
   * Carries out a step. Rejects with a {@link StoreError} when it was refused, or is in doubt.
   *
   * @param origin the client that asks for it
   */
  carryOut(step: Step, origin: Origin): Promise<StepOutcome> {
    const units = step.do === 'register' ? registerUnits : stepUnits;
    // The user whose session ends may log in elsewhere already.
    const isOfUser = step.do === 'end';
    return this.#add(origin, units, (resolve, reject) => ({ step, resolve, reject }), isOfUser);
  }

  /** Sends a message; see {@link carryOut}. */
  send(send: Send, origin: Origin): Promise<StepOutcome> {
    return this.#add(origin, 1, (resolve, reject) => ({ send, resolve, reject }));
  }

  /**
   * Removes what a session has taken. Resolves with how many messages were removed by this call: 0 where an
   * earlier one that waits takes them along. See {@link carryOut}.
   */
  acknowledge(username: string, session: number, through: number, origin: Origin): Promise<number> {
    const before = this.#acknowledgements.get(session);
    if (before !== undefined) {
      before.waiting.through = Math.max(before.waiting.through, through);
      return before.removed.then(() => 0);
    }
    const acknowledgement = { username, session, through };
    const removed = this.#add<number>(origin, 1, (resolve, reject) => ({
      acknowledgement,
      resolve,
      reject,
    }));
    this.#acknowledgements.set(session, { waiting: acknowledgement, removed });
    return removed;
  }

  /**
   * Tells if a client may add a write while it is owed so many responses. While much waits, that is two, or as many as
   * it has had steps carried out. Writes wait on though their client is gone, and nobody's account pays for them then:
   * so whoever asks and goes, again and again, leaves little behind.
   */
  mayOwe(origin: Origin, owed: number): boolean {
    if (owed < owedCrowdedMin || this.#waiting.units < crowdedUnits) return true;
    const steps = Math.floor((this.#clients.get(origin)?.units ?? 0) / stepUnits);
    return owed < Math.min(steps - owed, owedCrowdedMax);
  }

  /** Resolves when every write of a client before it is carried out or has failed. */
  async settled(origin: Origin): Promise<void> {
    await this.#clients.get(origin)?.last.catch(() => {});
  }

  /** Resolves when no write waits, and none is under way. */
  async idle(): Promise<void> {
    if (!this.#running && !this.#scheduled) return;
    this.#idle ??= Promise.withResolvers();
    await this.#idle.promise;
  }

  /** Ends the line: whatever waits is rejected. May be called twice. */
  end(error: StoreError): void {
    if (this.#ended !== undefined) return;
    this.#ended = error;
    while (this.#waiting.length > 0) {
      for (const waiting of this.#waiting.next()) waiting.reject(error);
    }
    this.#acknowledgements.clear();
  }

  #add<Result>(
    origin: Origin,
    units: number,
    make: (resolve: (result: Result) => void, reject: (error: StoreError) => void) => Waiting,
    isOfUser = false,
  ): Promise<Result> {
    if (this.#ended !== undefined) return Promise.reject(this.#ended);
    const result = new Promise<Result>((resolve, reject) => {
      this.#waiting.push(origin, make(resolve, reject), units, isOfUser);
    });
    const client = this.#clients.get(origin);
    if (client === undefined) this.#clients.set(origin, { last: result, units });
    else {
      client.last = result;
      client.units += units;
    }
    this.#schedule();
    return result;
  }

  #schedule(): void {
    if (this.#running || this.#scheduled) return;
    this.#scheduled = true;
    // What else this turn of the event loop brings goes along.
    setImmediate(() => {
      this.#scheduled = false;
      void this.#run();
    });
  }

  async #run(): Promise<void> {
    this.#running = true;
    while (this.#waiting.length > 0) {
      const batch = this.#waiting.next();
      for (const waiting of batch) {
        if ('acknowledgement' in waiting) {
          this.#acknowledgements.delete(waiting.acknowledgement.session);
        }
      }
      try {
        await this.#commit(batch);
      } catch (error) {
        const reason = errorOfWrite(error);
        for (const waiting of batch) waiting.reject(reason);
        if (reason instanceof NodeLost && this.#ended === undefined) {
          this.end(reason);
          this.#options.onLost(reason);
        }
      }
    }
    this.#running = false;
    this.#idle?.resolve();
    this.#idle = undefined;
  }

  async #commit(batch: readonly Waiting[]): Promise<void> {
    const { node, mailboxMessagesMax } = this.#options;
    const parts = partsOf(batch);
    const names = [...new Set(batch.map(nameOf))].sort();
    const [first] = parts;
    if (parts.length === 1 && first instanceof Traffic) {
      first.tell(await this.#ask(first.query(node, names, mailboxMessagesMax)));
    } else {
      const made = batch.flatMap((one) => (isRegister(one) ? [one.step.username] : []));
      const steps = JSON.stringify(parts.map((part) => part.step(names)));
      const outcomes = await this.#ask<readonly unknown[]>({
        name: 'carry-out',
        text: 'SELECT tandem.carry_out($1, $2, $3, $4, $5) AS outcomes',
        values: [node, names, made, steps, mailboxMessagesMax],
      });
      for (const [i, part] of parts.entries()) part.tell(outcomes[i]);
    }
    this.#options.onWritten();
  }

  async #ask<Outcomes>(query: QueryConfig): Promise<Outcomes> {
    const { rows, warned } = await this.#options.connection.query<{ outcomes: Outcomes }>(
      query,
      undefined,
      responseWithinMs,
    );
    // A wait for the standby that was given up: the commit is in doubt.
    if (warned) throw new NodeLost(gaveUpWaiting);
    return (rows as [{ outcomes: Outcomes }])[0].outcomes;
  }
}

function isRegister(waiting: Waiting): waiting is Extract<Waiting, { readonly step: Step }> {
  return 'step' in waiting && waiting.step.do === 'register';
}

/** The account that a write changes. */
function nameOf(waiting: Waiting): string {
  if ('send' in waiting) return waiting.send.recipient;
  return 'step' in waiting ? waiting.step.username : waiting.acknowledgement.username;
}

/** Joins sends and acknowledgements that follow one another: between these the order is all the same. */
function partsOf(batch: readonly Waiting[]): Part[] {
  const parts: Part[] = [];
  let traffic: Traffic | undefined;
  for (const waiting of batch) {
    if ('step' in waiting) {
      const { step, resolve } = waiting;
      traffic = undefined;
      parts.push({ step: () => step, tell: (outcome) => resolve(outcome as StepOutcome) });
      continue;
    }
    if (traffic === undefined) {
      traffic = new Traffic();
      parts.push(traffic);
    }
    traffic.add(waiting);
  }
  return parts;
}

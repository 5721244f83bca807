import { Fifo } from '../fifo.ts';

// What one turn of the event loop tears down. A unit is about 15 µs.
const teardownUnitsPerTurn = 128;

/** The units of a {@link TeardownQueue} that the end of a socket takes. */
export const socketTeardownUnits = 2;

/** A connection whose end a {@link TeardownQueue} puts off. */
export interface TornDown {
  /** Ends what it has, and then has its socket closed, each in its turn. May be called again. */
  tearDown(close: () => void): void;
}

/**
 * A socket whose last step a {@link TeardownQueue} can put off; see `_destroy` of `node:stream`, which
 * its class has.
 */
export interface DestroyableSocket {
  [connectionOf]?: TornDown;
  /** True when its client has ended its side, and everything before that was read. */
  readonly readableEnded: boolean;
  _destroy(error: Error | null, done: Destroyed): void;
}

type Destroyed = (error?: Error | null) => void;

/** The connection of a socket whose end is put off. */
export const connectionOf: unique symbol = Symbol('the connection of a socket');

/**
 * Has a socket closed in its turn when its client has ended or reset it. It counts as destroyed
 * meanwhile, and its events `error` and `close` come later. One that may still be read closes at once:
 * Node.js takes bytes that come to a destroyed socket for an error without a name, and throws.
 */
export function putOffEnd(socket: DestroyableSocket, connection: TornDown): void {
  socket[connectionOf] = connection;
  socket._destroy = destroyInTurn;
}

// One function for all sockets: an idle connection would pay for a closure.
function destroyInTurn(this: DestroyableSocket, error: Error | null, done: Destroyed): void {
  const close = () => Object.getPrototypeOf(this)._destroy.call(this, error, done);
  if (this.readableEnded || isOfRead(error)) (this[connectionOf] as TornDown).tearDown(close);
  else close();
}

/**
 * Spreads the ends of connections over turns of the event loop. The system reports all connections that
 * have ended since the last turn together. Thousands whose client was killed would make one turn of them,
 * in which nobody else is served.
 */
export class TeardownQueue {
  readonly #waiting = new Fifo<() => void>();
  #unitsLeft = teardownUnitsPerTurn;
  #scheduled = false;

  /**
   * Does a part of an end: now if this turn has room for it and nothing waits, else in a later turn, in the
   * order in which they came.
   *
   * @param units what it takes; one that takes more than a turn has gets a turn for itself
   */
  run(work: () => void, units = 1): void {
    if (this.#unitsLeft > 0 && this.#waiting.length === 0) this.#do(work, units);
    else this.#waiting.push(() => this.#do(work, units));
    if (!this.#scheduled) this.#schedule();
  }

  #do(work: () => void, units: number): void {
    this.#unitsLeft -= units;
    work();
  }

  #schedule(): void {
    this.#scheduled = true;
    setImmediate(() => this.#turn());
  }

  #turn(): void {
    const { length } = this.#waiting;
    // With the units that are left of this turn, in which the system has reported ends.
    while (this.#unitsLeft > 0 && this.#waiting.length > 0) this.#waiting.shift()?.();
    this.#unitsLeft = teardownUnitsPerTurn;
    if (length > 0) this.#schedule();
    else this.#scheduled = false;
  }
}

/** Tells whether an error came from reading, which is over then. */
function isOfRead(error: NodeJS.ErrnoException | null): boolean {
  return error?.syscall === 'read';
}

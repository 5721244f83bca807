import { setTimeout as delay } from 'node:timers/promises';
import type { Lane } from '../../lanes/lane.ts';
import { MachineBusy } from './machine-busy.ts';

// Converse dates one response, which opens its stream; HTTP/1.1 writes each date out.
const datedWires: ReadonlySet<Lane['wire']> = new Set(['http2', 'connect-unary', 'grpc-unary']);

// The second may turn a little late in the server, and an operation has to end before it turns.
const withinSecondMs = { from: 50, to: 700 } as const;

/**
 * The date of a lane's responses. A server over HTTP/2 dates them: in a header of one byte while the
 * connection has the date in its table, and of some 24 for the first response of each second. So that
 * this does not fall on one operation or another by chance, a call that is not listed brings each new
 * date, and no operation begins late in a second.
 */
export class ResponseDate {
  readonly #isDated: boolean;
  /** The second whose date was brought, in Unix time. */
  #second: number | undefined;

  constructor({ wire }: Lane) {
    this.#isDated = datedWires.has(wire);
  }

  /**
   * Has the date brought, if it is another by now or may soon be.
   *
   * @param bring makes a call on each connection whose next response is to find its date in the table
   */
  async renew(bring: () => Promise<void>): Promise<void> {
    if (!this.#isDated) return;
    const { from, to } = withinSecondMs;
    const nowMs = Date.now();
    const pastMs = nowMs % 1000;
    if (secondOf(nowMs) === this.#second && pastMs <= to) return;
    if (pastMs < from || pastMs > to) await delay((1000 + from - pastMs) % 1000);
    this.#second = secondOf(Date.now());
    await bring();
  }

  /**
   * Carries out an operation whose response is to find its date in the table.
   *
   * @throws MachineBusy when the date has changed since it was brought, as the machine is too busy
   */
  async within(operation: () => Promise<void>): Promise<void> {
    await operation();
    if (this.#second === undefined || secondOf(Date.now()) === this.#second) return;
    throw new MachineBusy('the machine is busy: operations take longer than a second has left');
  }
}

function secondOf(unixMs: number): number {
  return Math.floor(unixMs / 1000);
}

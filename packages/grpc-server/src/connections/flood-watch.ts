import { LookRhythm, lookTickMs } from '@tandem/core/server';
import type { CallAllowances } from '../calls/call-allowance.ts';
import type { Connection } from './connection.ts';

// The processor time after which a turn of the event loop is a long one.
const longTurnMs = 20;

/**
 * Checks every connection once a second, and more often while the event loop is busy. It ends connections
 * that flood HTTP/2, and takes room for calls from those that have too much.
 */
export class FloodWatch {
  readonly #connections: Iterable<Connection>;
  readonly #allowances: CallAllowances;
  #timer: NodeJS.Timeout | undefined;
  #rhythm = new LookRhythm(performance.now());

  constructor(connections: Iterable<Connection>, allowances: CallAllowances) {
    this.#connections = connections;
    this.#allowances = allowances;
  }

  /** Looks at all connections from now on, more often while the server is busy. */
  start(): void {
    this.#rhythm = new LookRhythm(performance.now());
    this.#timer = setInterval(() => this.#tick(performance.now()), lookTickMs);
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  #tick(nowMs: number): void {
    const look = this.#rhythm.tick(nowMs);
    const { usedMs, busy } = this.#rhythm;
    // Processor time, and not time: a turn that waits for the processor is not shorter with fewer calls.
    this.#allowances.adapt(usedMs > lookTickMs + longTurnMs, nowMs);
    if (!look) return;
    this.#allowances.look(nowMs);
    for (const connection of this.#connections) connection.endIfFlooding(nowMs, busy);
    this.#rhythm.looked(performance.now());
  }
}

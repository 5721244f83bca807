import type { CallAllowances } from './call-allowance.ts';
import type { GrpcConnection } from './connections.ts';

const tickMs = 20;
const calmLookMs = 1_000;
const busyLookMs = 50;

// A turn of the event loop that computed for longer than this is a long one.
const longTurnMs = 20;

/**
 * Looks at every connection once a second, and at once when something has kept the event loop busy:
 * ends those that flood HTTP/2, and takes room for calls from those that have too much of it.
 */
export class FloodWatch {
  readonly #connections: Iterable<GrpcConnection>;
  readonly #allowances: CallAllowances;
  #timer: NodeJS.Timeout | undefined;
  #tickedAtMs = 0;
  #lookedAtMs = 0;
  #used = process.threadCpuUsage();

  constructor(connections: Iterable<GrpcConnection>, allowances: CallAllowances) {
    this.#connections = connections;
    this.#allowances = allowances;
  }

  start(): void {
    this.#tickedAtMs = performance.now();
    this.#lookedAtMs = this.#tickedAtMs;
    this.#timer = setInterval(() => this.#tick(performance.now()), tickMs);
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  #tick(nowMs: number): void {
    // A turn that waits for the processor is late as well, but fewer calls would not make it shorter.
    const { user, system } = process.threadCpuUsage(this.#used);
    this.#used = process.threadCpuUsage();
    this.#allowances.adapt((user + system) / 1_000 > tickMs + longTurnMs, nowMs);
    const busy = nowMs - this.#tickedAtMs > 1.5 * tickMs;
    this.#tickedAtMs = nowMs;
    if (nowMs - this.#lookedAtMs < (busy ? busyLookMs : calmLookMs)) return;
    this.#lookedAtMs = nowMs;
    this.#allowances.look();
    for (const connection of this.#connections) connection.endIfFlooding(nowMs);
  }
}

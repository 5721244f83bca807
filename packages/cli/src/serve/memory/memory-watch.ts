import { getHeapStatistics } from 'node:v8';
import type { MemoryBudget } from '@tandem/core/server';
import type { Logger } from 'pino';
import { availableToUs } from '../../memory-max.ts';

const lookEveryMs = 1_000;
const quietMs = 10_000;

// With less than this part of the memory left, or of the heap, connections have to go.
const freePartMin = 1 / 16;

/** The part of the memory available to the process that is free, from 0 to 1. */
export interface FreeMemory {
  readonly ofMachine: number;
  readonly ofHeap: number;
}

/**
 * Looks whether connections hold more than their budget counts: when the machine, or V8's heap, is
 * about to be full, those that hold most are closed, as long as all together hold a quarter of what
 * they may. Also tells the log how many were closed for the budget, at most every ten seconds.
 */
export class MemoryWatch {
  readonly #budget: MemoryBudget;
  readonly #logger: Logger;
  #told = 0;
  #toldAtMs = Number.NEGATIVE_INFINITY;

  constructor(budget: MemoryBudget, logger: Logger) {
    this.#budget = budget;
    this.#logger = logger;
  }

  /** Looks once a second from now on. */
  start(): void {
    setInterval(() => this.look(freeMemory(), performance.now()), lookEveryMs).unref();
  }

  /** Looks once: closes connections where memory is short, and tells the log how many were closed. */
  look({ ofMachine, ofHeap }: FreeMemory, nowMs: number): void {
    const short = Math.min(ofMachine, ofHeap) < freePartMin;
    if (short && this.#budget.bytes > this.#budget.bytesMax / 4) {
      this.#budget.shed(this.#budget.bytes / 4);
    }
    const closed = this.#budget.shedCount - this.#told;
    if (closed === 0 || nowMs - this.#toldAtMs < quietMs) return;
    this.#told += closed;
    this.#toldAtMs = nowMs;
    this.#logger.warn({ connections: closed }, 'connections were closed: others needed the memory');
  }
}

function freeMemory(): FreeMemory {
  const heap = getHeapStatistics();
  return {
    ofMachine: process.availableMemory() / availableToUs(),
    ofHeap: 1 - heap.used_heap_size / heap.heap_size_limit,
  };
}

import { getHeapStatistics, setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

const lookEveryMs = 1_000;

// The server is quiet when its event loop works for less than half of so many seconds.
const quietBusyMax = 0.5;
const quietLooks = 3;

// So much more than after the last release is worth one.
const grownBytes = 32 * 2 ** 20;

// V8 looks every eight seconds whether it should collect.
const patienceLooks = 12;

/** The use of V8, and the means to have it release memory. */
export interface Collector {
  /** The part of the last second in which the event loop worked, from 0 to 1. */
  busy(): number;
  /** The memory that V8 has, and that of buffers and texts beside it. */
  bytes(): number;
  /** Has V8 prefer less memory, or not. */
  preferLess(isPreferred: boolean): void;
  /** Collects all garbage at once. */
  collect(): void;
}

/**
 * Has V8 release the memory of a flood once the server is quiet.
 *
 * V8 collects when its heap has reached a limit, which a flood raises, and keeps what it has got while a program
 * does anything at all. So a server would keep hundreds of megabytes of garbage for as long as few clients do
 * little. V8 has an option for less memory, with which it collects step by step, and returns what is free. If
 * it has done nothing for some seconds, all is collected at once, which takes tens of milliseconds.
 */
export class MemoryRelease {
  readonly #collector: Collector;
  #keptBytes: number;
  #looks = 0;
  /** The bytes when V8 began to prefer less; undefined when it does not. */
  #releasingBytes: number | undefined;

  constructor(collector: Collector = new V8Collector()) {
    this.#collector = collector;
    this.#keptBytes = collector.bytes();
  }

  /** Looks once a second from now on. */
  start(): void {
    setInterval(() => this.look(), lookEveryMs).unref();
  }

  /** Looks once. */
  look(): void {
    const quiet = this.#collector.busy() < quietBusyMax;
    this.#looks = quiet ? this.#looks + 1 : 0;
    if (this.#releasingBytes !== undefined) this.#goOn(this.#releasingBytes, quiet);
    else if (this.#looks >= quietLooks) this.#begin(this.#collector.bytes());
  }

  #begin(bytes: number): void {
    if (bytes < this.#keptBytes + grownBytes) return;
    this.#releasingBytes = bytes;
    this.#looks = 0;
    this.#collector.preferLess(true);
  }

  #goOn(before: number, quiet: boolean): void {
    const isReleased = this.#collector.bytes() < (before + this.#keptBytes) / 2;
    const isLate = this.#looks >= patienceLooks;
    if (quiet && !isReleased && !isLate) return;
    this.#releasingBytes = undefined;
    this.#looks = 0;
    this.#collector.preferLess(false);
    // A flood began meanwhile.
    if (!quiet) return;
    if (!isReleased) this.#collector.collect();
    this.#keptBytes = this.#collector.bytes();
  }
}

class V8Collector implements Collector {
  #use = performance.eventLoopUtilization();

  busy(): number {
    const { utilization } = performance.eventLoopUtilization(this.#use);
    this.#use = performance.eventLoopUtilization();
    return utilization;
  }

  bytes(): number {
    const { total_heap_size, external_memory } = getHeapStatistics();
    return total_heap_size + external_memory;
  }

  preferLess(isPreferred: boolean): void {
    setFlagsFromString(isPreferred ? '--optimize-for-size' : '--no-optimize-for-size');
  }

  collect(): void {
    setFlagsFromString('--expose-gc');
    const collect = runInNewContext('gc') as (options: object) => void;
    setFlagsFromString('--no-expose-gc');
    collect({ type: 'major', flavor: 'last-resort' });
  }
}

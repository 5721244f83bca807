import { getHeapStatistics, setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { findMallocTrim } from './malloc-trim.ts';

const lookEveryMs = 1_000;

// The server is quiet when its event loop works for less than half of each of so many seconds.
const quietBusyMax = 0.5;
const quietLooks = 3;

// So much more than after the last release, or than ever, is worth one.
const grownBytes = 33_554_432;

// V8 looks every eight seconds whether it should collect.
const patienceLooks = 12;

// What was in use at the last release may be over since, which only another one tells. Each one that finds nothing
// doubles the time until the next.
const againLooksMin = 30;
const againLooksMax = 3_600;

// The C library is asked each second, and each time that it returns less than this, after twice as long as before.
const trimmedBytesMin = 1_048_576;
const trimLooksMax = 8;

// V8 returns most of what a collection has emptied at the next one, which comes soon where that is so much more.
const spareBytesMin = 67_108_864;
const spareLooks = 5;

// A collection at once stops everything by what lives: for 30 to 60 ms of a heap of such a size where connections hold
// so little, and longer otherwise.
const collectBytesMax = 268_435_456;
const collectHeldBytesMax = 67_108_864;

/** The use of V8, and the means to have it and the C library release memory. */
export interface Collector {
  /** The part of the last second in which the event loop worked, from 0 to 1. */
  busy(): number;
  /** The memory of the process: also what V8 and the C library keep for later, which V8 counts nowhere. */
  bytes(): number;
  /** The memory that objects take in V8's heap, by which the time of a collection goes, and not by buffers beside it. */
  heapBytes(): number;
  /** The memory that V8's heap has besides. */
  spareBytes(): number;
  /** Has V8 prefer less memory, or not. */
  preferLess(isPreferred: boolean): void;
  /** Collects all garbage at once. */
  collect(): void;
  /** Returns what the C library keeps for later. Does nothing where that cannot be done. */
  trim(): void;
}

/**
 * Has V8 and the C library release the memory of a flood once the server is quiet.
 *
 * V8 collects when its heap has reached a limit, which a flood raises, and keeps what it has got while a program
 * does anything at all. So a server would keep hundreds of megabytes of garbage for as long as few clients do
 * little. It also keeps the pages that a collection has emptied, up to hundreds of megabytes, until the next one that
 * is to save memory. V8 has an option to prefer less memory, by which it collects step by step beside other work, and
 * returns what is free. It does so after a collection alone, so where it has not, all is collected at once.
 *
 * The C library returns what is free at the end of its heap alone, until it is told to return the rest.
 */
export class MemoryRelease {
  readonly #collector: Collector;
  #leastBytes: number;
  #keptBytes: number;
  readonly #heldBytes: () => number;
  /** The most that connections have held since the last release. */
  #heldBytesMost = 0;
  /** The spare memory when the last release began. */
  #spareBytesBefore: number;
  #againLooks = againLooksMin;
  /** The looks from one trim to the next, and those that are left until then. */
  #trimLooks = 1;
  #trimInLooks = 0;
  /** The looks in a row at which the server was quiet. */
  #quiet = 0;
  /** The looks since the last release began or ended. */
  #looks = 0;
  /** The bytes when the release under way began; undefined without one. */
  #beforeBytes: number | undefined;

  /** @param heldBytes returns the memory that connections hold */
  constructor(heldBytes: () => number, collector: Collector = new V8Collector()) {
    this.#heldBytes = heldBytes;
    this.#collector = collector;
    this.#leastBytes = collector.bytes();
    this.#keptBytes = this.#leastBytes;
    this.#spareBytesBefore = collector.spareBytes();
  }

  /** Looks once a second from now on. */
  start(): void {
    setInterval(() => this.look(), lookEveryMs).unref();
  }

  /** Looks once. */
  look(): void {
    this.#quiet = this.#collector.busy() < quietBusyMax ? this.#quiet + 1 : 0;
    const bytes = this.#trimmedBytes();
    this.#leastBytes = Math.min(this.#leastBytes, bytes);
    this.#heldBytesMost = Math.max(this.#heldBytesMost, this.#heldBytes());
    this.#looks++;
    if (this.#beforeBytes === undefined) this.#beginIfDue(bytes);
    else this.#goOn(bytes, this.#beforeBytes);
  }

  /** Returns the memory of the process, after a trim if one is due. */
  #trimmedBytes(): number {
    const before = this.#collector.bytes();
    if (this.#quiet < quietLooks) this.#trimInLooks = 0;
    else if (before >= this.#leastBytes + grownBytes && --this.#trimInLooks < 0) {
      this.#collector.trim();
      const bytes = this.#collector.bytes();
      const foundMuch = before - bytes >= trimmedBytesMin;
      this.#trimLooks = foundMuch ? 1 : Math.min(2 * this.#trimLooks, trimLooksMax);
      this.#trimInLooks = this.#trimLooks - 1;
      return bytes;
    }
    return before;
  }

  #beginIfDue(bytes: number): void {
    if (this.#quiet < quietLooks || bytes < this.#leastBytes + grownBytes) return;
    const holdLess = this.#heldBytes() <= this.#heldBytesMost - grownBytes;
    const isLarger = bytes >= this.#keptBytes + grownBytes;
    const spareBytes = this.#collector.spareBytes();
    const hasMoreSpare = spareBytes >= this.#spareBytesBefore + spareBytesMin;
    const againLooks = hasMoreSpare ? spareLooks : this.#againLooks;
    if (!holdLess && !isLarger && this.#looks < againLooks) return;
    this.#spareBytesBefore = spareBytes;
    this.#heldBytesMost = this.#heldBytes();
    this.#beforeBytes = bytes;
    this.#looks = 0;
    this.#collector.preferLess(true);
  }

  #goOn(bytes: number, before: number): void {
    const enoughBytes = (before + this.#leastBytes) / 2;
    const isQuiet = this.#quiet > 0;
    if (isQuiet && bytes >= enoughBytes) {
      if (this.#looks < patienceLooks) return;
      if (this.#mayCollect()) this.#collector.collect();
    }
    this.#collector.preferLess(false);
    this.#beforeBytes = undefined;
    this.#looks = 0;
    // A flood that begins meanwhile ends the release, and is not what is kept.
    if (!isQuiet) return;
    this.#keptBytes = this.#collector.bytes();
    const foundMuch = this.#keptBytes < enoughBytes;
    this.#againLooks = foundMuch ? againLooksMin : Math.min(2 * this.#againLooks, againLooksMax);
  }

  #mayCollect(): boolean {
    const holdLittle = this.#heldBytes() <= collectHeldBytesMax;
    return holdLittle && this.#collector.heapBytes() <= collectBytesMax;
  }
}

class V8Collector implements Collector {
  readonly trim = findMallocTrim() ?? (() => {});
  #use = performance.eventLoopUtilization();

  busy(): number {
    const { utilization } = performance.eventLoopUtilization(this.#use);
    this.#use = performance.eventLoopUtilization();
    return utilization;
  }

  bytes(): number {
    return process.memoryUsage.rss();
  }

  heapBytes(): number {
    return getHeapStatistics().used_heap_size;
  }

  spareBytes(): number {
    const { total_heap_size, used_heap_size } = getHeapStatistics();
    return total_heap_size - used_heap_size;
  }

  preferLess(isPreferred: boolean): void {
    setFlagsFromString(isPreferred ? '--optimize-for-size' : '--no-optimize-for-size');
  }

  collect(): void {
    setFlagsFromString('--expose-gc');
    const collect = runInNewContext('gc') as () => void;
    setFlagsFromString('--no-expose-gc');
    collect();
  }
}

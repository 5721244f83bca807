import { GCProfiler, getHeapStatistics } from 'node:v8';

/** The garbage collections of a process since the watch began. */
export interface HeapActivity {
  /** The time that the main thread waited for collections, in milliseconds. */
  readonly collectingMs: number;
  /** Allocated in V8's heap; the contents of buffers are outside of it. */
  readonly allocatedBytes: number;
}

/**
 * Watches garbage collections. V8 of Node.js 24 has no counter of allocated bytes. None is needed: the
 * heap only grows between two collections, and V8 reports its size at both ends of each. A collection
 * takes a few microseconds longer for it, and nothing else becomes slower.
 */
export class HeapWatch {
  #profiler: GCProfiler | undefined;
  #usedBytes = 0;
  #collectingMs = 0;
  #allocatedBytes = 0;

  /** Returns the activity since the first reading, which begins the watch. */
  read(): HeapActivity {
    if (this.#profiler !== undefined) this.#add(usedBytes(), this.#profiler);
    this.#profiler = new GCProfiler();
    this.#profiler.start();
    this.#usedBytes = usedBytes();
    return { collectingMs: this.#collectingMs, allocatedBytes: this.#allocatedBytes };
  }

  #add(usedNow: number, profiler: GCProfiler): void {
    const collections = profiler.stop()?.statistics ?? [];
    for (const { cost, beforeGC, afterGC } of collections) {
      this.#collectingMs += cost / 1_000;
      this.#allocatedBytes += beforeGC.heapStatistics.usedHeapSize - this.#usedBytes;
      this.#usedBytes = afterGC.heapStatistics.usedHeapSize;
    }
    this.#allocatedBytes += usedNow - this.#usedBytes;
  }
}

function usedBytes(): number {
  return getHeapStatistics().used_heap_size;
}

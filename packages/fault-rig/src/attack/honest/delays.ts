import type { HonestRecord } from './protocol.ts';

/** The end of one request. */
export type Ending =
  | { readonly kind: 'served' }
  | { readonly kind: 'refused'; readonly status: number }
  | { readonly kind: 'error'; readonly code: string };

/** A request: when it was due, and the time that its own process had waited for a processor until then. */
export interface Due {
  /** By `performance.now`, in milliseconds. */
  readonly atMs: number;
  /** By `ProcessorWait`, in milliseconds. */
  readonly waitedMs: number;
}

interface Delay {
  readonly ms: number;
  /** The part of it that its own process waited for a processor. */
  readonly ownMs: number;
}

/** The delays of one period of time. */
export class Delays {
  readonly #delays: Delay[] = [];
  readonly #refused = new Map<string, number>();
  readonly #errors = new Map<string, number>();
  readonly #open = new Set<Due>();
  #asked = 0;
  #served = 0;

  ask(due: Due): void {
    this.#asked++;
    this.#open.add(due);
  }

  /** @param now the time of its end, and what its process has waited until then */
  end(due: Due, now: Due, ending: Ending): void {
    this.#open.delete(due);
    this.#delays.push(delayOf(due, now));
    if (ending.kind === 'served') this.#served++;
    else if (ending.kind === 'refused') increase(this.#refused, `${ending.status}`);
    else increase(this.#errors, ending.code);
  }

  /** True when every request has ended. */
  get settled(): boolean {
    return this.#open.size === 0;
  }

  /** Returns the record. A request without a response by now is `unanswered`, with the delay that it has now. */
  record(now: Due): HonestRecord {
    const waiting = [...this.#open].map((due) => delayOf(due, now));
    const sorted = [...this.#delays, ...waiting].sort((a, b) => a.ms - b.ms);
    const errors = Object.fromEntries(this.#errors);
    return {
      asked: this.#asked,
      served: this.#served,
      refused: Object.fromEntries(this.#refused),
      errors: waiting.length === 0 ? errors : { ...errors, unanswered: waiting.length },
      p50Ms: percentile(sorted, 0.5)?.ms ?? 0,
      p99Ms: percentile(sorted, 0.99)?.ms ?? 0,
      worstMs: sorted.at(-1)?.ms ?? 0,
      worstOwnMs: sorted.at(-1)?.ownMs ?? 0,
    };
  }
}

function delayOf(due: Due, now: Due): Delay {
  const ms = now.atMs - due.atMs;
  return { ms, ownMs: Math.min(ms, now.waitedMs - due.waitedMs) };
}

function percentile(sorted: readonly Delay[], fraction: number): Delay | undefined {
  return sorted[Math.max(0, Math.ceil(sorted.length * fraction) - 1)];
}

function increase(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}

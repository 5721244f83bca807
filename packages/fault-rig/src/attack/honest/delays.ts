import type { HonestRecord } from './protocol.ts';

/** The end of one request. */
export type Ending =
  | { readonly kind: 'served' }
  | { readonly kind: 'refused'; readonly status: number }
  | { readonly kind: 'error'; readonly code: string };

/** The delays of one period of time. */
export class Delays {
  readonly #delaysMs: number[] = [];
  readonly #refused = new Map<string, number>();
  readonly #errors = new Map<string, number>();
  readonly #open = new Set<number>();
  #asked = 0;
  #served = 0;
  #latestMs = 0;

  /** @param meantAtMs when it was meant to be asked, @param askedAtMs when it was */
  ask(meantAtMs: number, askedAtMs: number): void {
    this.#asked++;
    this.#open.add(meantAtMs);
    this.#latestMs = Math.max(this.#latestMs, askedAtMs - meantAtMs);
  }

  end(meantAtMs: number, nowMs: number, ending: Ending): void {
    this.#open.delete(meantAtMs);
    this.#delaysMs.push(nowMs - meantAtMs);
    if (ending.kind === 'served') this.#served++;
    else if (ending.kind === 'refused') increase(this.#refused, `${ending.status}`);
    else increase(this.#errors, ending.code);
  }

  /** True when every request has ended. */
  get settled(): boolean {
    return this.#open.size === 0;
  }

  /** Returns the record. A request without a response by now is `unanswered`, with the delay that it has now. */
  record(nowMs: number): HonestRecord {
    const waited = [...this.#open].map((meantAtMs) => nowMs - meantAtMs);
    const sorted = [...this.#delaysMs, ...waited].sort((a, b) => a - b);
    const errors = Object.fromEntries(this.#errors);
    return {
      asked: this.#asked,
      served: this.#served,
      refused: Object.fromEntries(this.#refused),
      errors: waited.length === 0 ? errors : { ...errors, unanswered: waited.length },
      p50Ms: percentile(sorted, 0.5),
      p99Ms: percentile(sorted, 0.99),
      worstMs: percentile(sorted, 1),
      latestMs: this.#latestMs,
    };
  }
}

function percentile(sorted: readonly number[], fraction: number): number {
  return sorted[Math.max(0, Math.ceil(sorted.length * fraction) - 1)] ?? 0;
}

function increase(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}

import { LatencyRecorder } from '../../statistics/index.ts';
import type { SecondReport } from './report.ts';

/** The seconds of a measurement, one after the other. */
export class Seconds {
  readonly #beginAtMs: number;
  readonly #over: SecondReport[] = [];
  #current = new Second();

  constructor(beginAtMs: number) {
    this.#beginAtMs = beginAtMs;
  }

  /** Returns the second of this moment; for a moment before the latest second, that second. */
  at(nowMs: number): Second {
    const index = Math.floor((nowMs - this.#beginAtMs) / 1_000);
    while (this.#over.length < index) {
      this.#over.push(this.#current.report(this.#over.length));
      this.#current = new Second();
    }
    return this.#current;
  }

  /** The second before that of this moment; undefined when there is none. */
  last(nowMs: number): SecondReport | undefined {
    this.at(nowMs);
    return this.#over.at(-1);
  }

  /** All of them, with the current one if an operation ended in it. */
  all(): SecondReport[] {
    const current = this.#current.report(this.#over.length);
    const empty = current.answered + current.refused + current.failed === 0;
    return empty ? [...this.#over] : [...this.#over, current];
  }
}

/** The operations that ended in one second. */
class Second {
  refused = 0;
  failed = 0;
  #latencies: LatencyRecorder | undefined;

  answered(latencyUs: number): void {
    this.#latencies ??= new LatencyRecorder();
    this.#latencies.record(latencyUs);
  }

  report(second: number): SecondReport {
    const summary = this.#latencies?.summary();
    return {
      second,
      answered: summary?.count ?? 0,
      refused: this.refused,
      failed: this.failed,
      p50Us: figureUs(summary?.p50Us),
      p99Us: figureUs(summary?.p99Us),
      maxUs: figureUs(summary?.maxUs),
    };
  }
}

/** A latency as a report has it: to a tenth of a microsecond; null when there is none. */
export function figureUs(us: number | undefined): number | null {
  return us === undefined ? null : Math.round(us * 10) / 10;
}

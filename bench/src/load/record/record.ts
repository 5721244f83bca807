import type { RequestListener, RequestTimes } from '../../pacing/paced-requests.ts';
import { LatencyRecorder } from '../../statistics/index.ts';
import type { ConnectListener } from '../traffic/connection.ts';
import { errorOf, isExpected, type Outcome, statusName } from '../traffic/outcome.ts';
import type { LatencyReport, LoadReport, SecondReport } from './report.ts';
import { figureUs, Seconds } from './seconds.ts';

const percentiles = [50, 90, 99, 99.9] as const;
// The fewest operations beyond a percentile; with fewer, it depends on chance.
const beyondMin = 10;

/**
 * Counts the operations that are due from the beginning of the measurement to its end, whenever they end, until
 * the record is closed. An operation that has not ended by then has failed.
 */
export class LoadRecord implements RequestListener<Outcome>, ConnectListener {
  readonly #latencies = {
    all: new LatencyRecorder(),
    actual: new LatencyRecorder(),
    search: new LatencyRecorder(),
    send: new LatencyRecorder(),
  };
  readonly #statuses = new Map<number, LoadReport['statuses'][number]>();
  readonly #errors = new Map<string, LoadReport['errors'][number]>();
  readonly #connects = { succeeded: 0, failed: 0 };
  #seconds = new Seconds(0);
  #beginAtMs = Number.POSITIVE_INFINITY;
  #endAtMs = Number.POSITIVE_INFINITY;
  #closed = false;
  #due = 0;
  #answered = 0;
  #answeredInTime = 0;
  #refused = 0;
  #failed = 0;

  /** The moment from which due operations are measured, on the clock of the pacing. */
  begin(beginAtMs: number): void {
    this.#beginAtMs = beginAtMs;
    this.#seconds = new Seconds(beginAtMs);
  }

  /** The moment from which due operations are no longer measured. */
  end(endAtMs: number): void {
    this.#endAtMs = endAtMs;
  }

  /** Ends the record: due operations that have not ended have failed. */
  close(): void {
    const open = this.#due - this.#answered - this.#refused - this.#failed;
    this.#failed += open;
    if (open > 0) {
      const text = 'no response within ten seconds after the end, or before the command was ended';
      this.#errors.set('unanswered', { kind: 'unanswered', count: open, text });
    }
    this.#closed = true;
  }

  /** Counts an operation that is due. */
  due(atMs: number): void {
    if (this.#isMeasured(atMs)) this.#due++;
  }

  answered(outcome: Outcome, { intendedAtMs, sentAtMs, endedAtMs }: RequestTimes): void {
    if (!this.#isMeasured(intendedAtMs)) return;
    this.#countStatus(outcome);
    if (!isExpected(outcome)) {
      this.#refused++;
      this.#seconds.at(endedAtMs).refused++;
      return;
    }
    const latencyUs = Math.max(0, endedAtMs - intendedAtMs) * 1_000;
    this.#answered++;
    if (endedAtMs < this.#endAtMs) this.#answeredInTime++;
    this.#latencies.all.record(latencyUs);
    this.#latencies[outcome.kind].record(latencyUs);
    this.#latencies.actual.record((endedAtMs - sentAtMs) * 1_000);
    this.#seconds.at(endedAtMs).answered(latencyUs);
  }

  failed(error: unknown, { intendedAtMs, endedAtMs }: RequestTimes): void {
    if (!this.#isMeasured(intendedAtMs)) return;
    this.#failed++;
    this.#seconds.at(endedAtMs).failed++;
    this.#countError(error);
  }

  connected(): void {
    this.#connects.succeeded++;
  }

  connectFailed(error: unknown): void {
    if (this.#closed) return;
    this.#connects.failed++;
    this.#countError(error);
  }

  /** The last whole second of the measurement; undefined before there was one. */
  lastSecond(nowMs: number): SecondReport | undefined {
    return this.#seconds.last(nowMs);
  }

  /** Errors and refusals so far. */
  get errors(): number {
    return this.#refused + this.#failed + this.#connects.failed;
  }

  report(
    measuredMs: number,
  ): Pick<LoadReport, 'operations' | 'statuses' | 'errors' | 'connects' | 'latency' | 'seconds'> {
    const perSecond = measuredMs > 0 ? (this.#answeredInTime / measuredMs) * 1_000 : 0;
    return {
      operations: {
        due: this.#due,
        answered: this.#answered,
        refused: this.#refused,
        failed: this.#failed,
        perSecond,
      },
      statuses: [...this.#statuses.values()].sort((a, b) => a.status - b.status),
      errors: [...this.#errors.values()].sort((a, b) => b.count - a.count),
      connects: { ...this.#connects },
      latency: [
        latencyReport('all', 'intended', this.#latencies.all),
        latencyReport('all', 'actual', this.#latencies.actual),
        latencyReport('search', 'intended', this.#latencies.search),
        latencyReport('send', 'intended', this.#latencies.send),
      ],
      seconds: this.#seconds.all(),
    };
  }

  #isMeasured(atMs: number): boolean {
    return !this.#closed && atMs >= this.#beginAtMs && atMs < this.#endAtMs;
  }

  #countStatus(outcome: Outcome): void {
    const { status } = outcome;
    const counted = this.#statuses.get(status);
    if (counted !== undefined) counted.count++;
    else {
      const refusal = !isExpected(outcome);
      this.#statuses.set(status, { status, name: statusName(status), refusal, count: 1 });
    }
  }

  #countError(error: unknown): void {
    const { kind, text } = errorOf(error);
    const counted = this.#errors.get(kind);
    if (counted !== undefined) counted.count++;
    else this.#errors.set(kind, { kind, count: 1, text });
  }
}

function latencyReport(
  of: LatencyReport['of'],
  from: LatencyReport['from'],
  recorder: LatencyRecorder,
): LatencyReport {
  const summary = recorder.summary();
  const count = summary?.count ?? 0;
  return {
    of,
    from,
    count,
    meanUs: figureUs(summary?.meanUs),
    maxUs: figureUs(summary?.maxUs),
    percentiles: percentiles.map((percentile) => {
      const operationsNeeded = Math.round((beyondMin * 100) / (100 - percentile));
      const us = count >= operationsNeeded ? figureUs(recorder.percentileUs(percentile)) : null;
      return { percentile, us, operationsNeeded };
    }),
  };
}

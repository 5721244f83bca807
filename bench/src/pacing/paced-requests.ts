import { Fifo } from '@tandem/core';
import { monotonicMs } from './metronome.ts';

/** The intended time, the sending and the end of a request, on the clock of {@link monotonicMs}. */
export interface RequestTimes {
  readonly intendedAtMs: number;
  readonly sentAtMs: number;
  readonly endedAtMs: number;
}

/** Events of requests: one for each, when it ends. */
export interface RequestListener<Outcome> {
  answered(outcome: Outcome, times: RequestTimes): void;
  failed(error: unknown, times: RequestTimes): void;
}

/** Requests of one connection that are sent when they are due, or as soon after that as it takes them. */
export class PacedRequests<Outcome> {
  readonly #operation: () => Promise<Outcome>;
  readonly #depthMax: number;
  readonly #listener: RequestListener<Outcome>;
  readonly #waiting = new Fifo<number>();
  #underWay = 0;
  #idle: PromiseWithResolvers<void> | undefined;

  /** @param depthMax the most requests under way; further due ones wait */
  constructor(
    operation: () => Promise<Outcome>,
    depthMax: number,
    listener: RequestListener<Outcome>,
  ) {
    this.#operation = operation;
    this.#depthMax = depthMax;
    this.#listener = listener;
  }

  /** The number that are due and not sent. */
  get waiting(): number {
    return this.#waiting.length;
  }

  /** The number that were sent and have not ended. */
  get underWay(): number {
    return this.#underWay;
  }

  add(intendedAtMs: number): void {
    this.#waiting.push(intendedAtMs);
    this.#send();
  }

  /** Drops requests that are due and not sent. */
  giveUpWaiting(): void {
    this.#waiting.clear();
  }

  /** Resolves when no request is waiting or under way. */
  async idle(): Promise<void> {
    while (this.#underWay > 0) {
      this.#idle ??= Promise.withResolvers();
      await this.#idle.promise;
    }
  }

  #send(): void {
    while (this.#underWay < this.#depthMax) {
      const intendedAtMs = this.#waiting.shift();
      if (intendedAtMs === undefined) return;
      this.#underWay++;
      void this.#ask(intendedAtMs);
    }
  }

  async #ask(intendedAtMs: number): Promise<void> {
    const sentAtMs = monotonicMs();
    try {
      const outcome = await this.#operation();
      this.#listener.answered(outcome, { intendedAtMs, sentAtMs, endedAtMs: monotonicMs() });
    } catch (error) {
      this.#listener.failed(error, { intendedAtMs, sentAtMs, endedAtMs: monotonicMs() });
    }
    this.#underWay--;
    this.#send();
    if (this.#underWay > 0) return;
    this.#idle?.resolve();
    this.#idle = undefined;
  }
}

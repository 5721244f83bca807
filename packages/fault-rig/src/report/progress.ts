import { counted } from '@tandem/command';
import type { RoundReport } from '../run/series.ts';
import type { Totals } from './tally.ts';

/** The output for progress. */
export interface ProgressOutput {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

const redrawMs = 500;

/** Shows the progress of a soak: on a terminal in one line that is redrawn, elsewhere in a line for each round. */
export class Progress {
  readonly #output: ProgressOutput;
  readonly #startedAtMs = performance.now();
  readonly #totalMs: number;
  readonly #timer: NodeJS.Timeout | undefined;
  #totals: Totals | undefined;

  constructor(output: ProgressOutput, totalMs: number) {
    this.#output = output;
    this.#totalMs = totalMs;
    if (output.isTTY) this.#timer = setInterval(() => this.#draw(), redrawMs);
  }

  /** Reports a round that is over. */
  round({ series, round, violations, troubles }: RoundReport, totals: Totals): void {
    this.#totals = totals;
    if (this.#timer !== undefined) {
      this.#draw();
      return;
    }
    const wrong = violations.length + troubles.length;
    const found = wrong === 0 ? 'nothing wrong' : `${wrong} WRONG`;
    this.#output.write(
      `${this.#clock()}  ${series} round ${round}: ${found}; ${inShort(totals)}\n`,
    );
  }

  /** Removes the line. */
  close(): void {
    if (this.#timer === undefined) return;
    clearInterval(this.#timer);
    this.#output.write('\r\x1b[K');
  }

  #draw(): void {
    const sofar =
      this.#totals === undefined ? 'the first round is under way' : inShort(this.#totals);
    const line = `${this.#clock()} of ${clock(this.#totalMs)}  ${sofar}`;
    this.#output.write(`\r\x1b[K${line.slice(0, (this.#output.columns ?? 80) - 1)}`);
  }

  #clock(): string {
    return clock(performance.now() - this.#startedAtMs);
  }
}

function inShort({ rounds, kills, messages }: Totals): string {
  const killed = kills.server + kills.clients;
  return `${counted(rounds, 'round')}, ${counted(killed, 'kill')}, ${counted(messages.delivered, 'message')} delivered`;
}

function clock(ms: number): string {
  const seconds = Math.floor(ms / 1000);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}

import type { ProgressOutput } from '../../report/progress.ts';

const redrawMs = 500;

/** Shows the current phase on a terminal, in one line that is redrawn; writes nothing elsewhere. */
export class PhaseLine {
  readonly #output: ProgressOutput;
  readonly #timer: NodeJS.Timeout | undefined;
  #phase = '';
  #sinceMs = performance.now();

  constructor(output: ProgressOutput) {
    this.#output = output;
    if (output.isTTY) this.#timer = setInterval(() => this.#draw(), redrawMs);
  }

  /** Changes the phase. */
  phase(phase: string): void {
    this.#phase = phase;
    this.#sinceMs = performance.now();
    this.#draw();
  }

  /** Removes the line until the next phase. */
  clear(): void {
    this.#phase = '';
    if (this.#timer !== undefined) this.#output.write('\r\x1b[K');
  }

  /** Removes the line for good. */
  close(): void {
    this.clear();
    clearInterval(this.#timer);
  }

  #draw(): void {
    if (this.#timer === undefined || this.#phase === '') return;
    const seconds = Math.floor((performance.now() - this.#sinceMs) / 1000);
    const line = `${this.#phase}, ${seconds} s`;
    this.#output.write(`\r\x1b[K${line.slice(0, (this.#output.columns ?? 80) - 1)}`);
  }
}

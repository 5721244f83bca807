import type { ProgressOutput } from '../../report/progress.ts';

const redrawMs = 500;

/** Says on a terminal what happens, in one line that is drawn anew; elsewhere nothing. */
export class PhaseLine {
  readonly #output: ProgressOutput;
  readonly #timer: NodeJS.Timeout | undefined;
  #phase = '';
  #sinceMs = performance.now();

  constructor(output: ProgressOutput) {
    this.#output = output;
    if (output.isTTY) this.#timer = setInterval(() => this.#draw(), redrawMs);
  }

  /** Something else happens from now on. */
  phase(phase: string): void {
    this.#phase = phase;
    this.#sinceMs = performance.now();
    this.#draw();
  }

  /** Takes the line back, until there is another phase. */
  clear(): void {
    this.#phase = '';
    if (this.#timer !== undefined) this.#output.write('\r\x1b[K');
  }

  /** Takes the line back for good. */
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

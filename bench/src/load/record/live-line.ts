import { formatCount, formatValue } from '../../report/words/format.ts';
import type { SecondReport } from './report.ts';

/** The interval between lines where they cannot be replaced, in milliseconds. */
const lineEveryMs = 5_000;
const secondMs = 1_000;

/** A line of progress: each second in place on a terminal, elsewhere a new line at longer intervals. */
export class LiveLine {
  readonly #output: NodeJS.WriteStream;
  readonly #inPlace: boolean;
  readonly #timer: NodeJS.Timeout;
  #text: () => string;

  /** @param text returns the current text */
  constructor(output: NodeJS.WriteStream, text: () => string) {
    this.#output = output;
    this.#text = text;
    const { TERM } = process.env;
    this.#inPlace = output.isTTY === true && TERM !== undefined && TERM !== '' && TERM !== 'dumb';
    this.#timer = setInterval(() => this.#write(), this.#inPlace ? secondMs : lineEveryMs);
  }

  /** Changes the text. */
  show(text: () => string): void {
    this.#text = text;
  }

  /** Writes a line that stays. */
  say(line: string): void {
    this.#clear();
    this.#output.write(`${line}\n`);
  }

  /** Stops writing, and removes the line on a terminal. */
  stop(): void {
    clearInterval(this.#timer);
    this.#clear();
  }

  #write(): void {
    if (!this.#inPlace) {
      this.say(this.#text());
      return;
    }
    // A line that wraps could not be replaced.
    const width = (this.#output.columns || 80) - 1;
    this.#output.write(`${clearLine}${this.#text().slice(0, width)}`);
  }

  #clear(): void {
    if (this.#inPlace) this.#output.write(clearLine);
  }
}

const clearLine = '\r\u001b[2K';

/** The last second in a line; there may be none yet. */
export function secondLine(
  leftMs: number,
  errors: number,
  second: SecondReport | undefined,
): string {
  const left = `${formatCount(Math.max(0, leftMs) / 1_000)} s left`;
  if (second === undefined) return left;
  const time = (us: number | null) => (us === null ? '-' : formatValue(us, 'us'));
  return [
    left,
    `${formatCount(second.answered)}/s`,
    `p50 ${time(second.p50Us)}`,
    `p99 ${time(second.p99Us)}`,
    `errors ${formatCount(errors)}`,
  ].join('  ');
}

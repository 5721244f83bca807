import { setImmediate } from 'node:timers/promises';
import { type IPty, spawn } from '@lydell/node-pty';
import { patienceMs } from '@tandem/command/testing/patience';
import xterm from '@xterm/headless';

/** The options of a program in a terminal. */
export interface TerminalProgramOptions {
  readonly file: string;
  readonly args: readonly string[];
  readonly columns?: number;
  readonly rows?: number;
  readonly environment?: Readonly<Record<string, string>>;
}

// What most tests look for are lines; those of the looks turn these on.
const quiet = { TANDEM_BELL: 'off', TANDEM_TIME: 'off', TANDEM_STATUS: 'off' };

/** One place of a screen. */
export interface Cell {
  readonly text: string;
  readonly bold: boolean;
  readonly dim: boolean;
  readonly inverse: boolean;
  /** The colour of the text, of 256; undefined for that of the terminal. */
  readonly color: number | undefined;
}

/** A program in a real pseudo-terminal, and the screen that somebody before it would see. */
export class TerminalProgram {
  /** Resolves with the exit code when the program has ended and its screen is complete. */
  readonly exited: Promise<number>;
  readonly #pty: IPty;
  readonly #screen: xterm.Terminal;
  readonly #watchers = new Set<() => void>();
  #written = '';
  #shown = Promise.resolve();

  constructor(options: TerminalProgramOptions) {
    const { columns = 80, rows = 24 } = options;
    this.#screen = new xterm.Terminal({ cols: columns, rows, allowProposedApi: true });
    this.#pty = spawn(options.file, [...options.args], {
      name: options.environment?.TERM ?? 'xterm-256color',
      cols: columns,
      rows,
      env: { ...process.env, NO_COLOR: '1', ...quiet, ...options.environment },
    });
    this.#pty.onData((data) => {
      this.#written += data;
      void this.#show(data);
    });
    this.exited = new Promise((resolve) => {
      this.#pty.onExit(({ exitCode, signal }) => {
        void this.#show('').then(() => resolve(signal ? 128 + signal : exitCode));
      });
    });
  }

  /**
   * Shows data after all before. The screen then stays as it is until those who waited for it have read
   * it: of data that come together, it would show the next at once.
   */
  #show(data: string): Promise<void> {
    this.#shown = this.#shown.then(async () => {
      await new Promise<void>((resolve) => this.#screen.write(data, resolve));
      for (const watcher of this.#watchers) watcher();
      await setImmediate();
    });
    return this.#shown;
  }

  get pid(): number {
    return this.#pty.pid;
  }

  /** All that the terminal was sent, as it was. */
  get written(): string {
    return this.#written;
  }

  /** Types text, or keys as the bytes that a terminal sends for them, all at once. */
  type(text: string): void {
    this.#pty.write(text);
  }

  /** The rows of the screen and those that have scrolled off it, a line each, without the empty ones at the end. */
  lines(): string[] {
    const buffer = this.#screen.buffer.active;
    const lines: string[] = [];
    for (let row = 0; row < buffer.length; row++) {
      lines.push(buffer.getLine(row)?.translateToString(true).trimEnd() ?? '');
    }
    while (lines.at(-1) === '') lines.pop();
    return lines;
  }

  /** The screen now, row by row, without the rows that have scrolled off. */
  cells(): Cell[][] {
    const { active } = this.#screen.buffer;
    return Array.from({ length: this.#screen.rows }, (_, row) => {
      const line = active.getLine(active.baseY + row);
      return Array.from({ length: this.#screen.cols }, (_, column) => {
        const cell = line?.getCell(column);
        return {
          text: cell?.getChars() || ' ',
          bold: Boolean(cell?.isBold()),
          dim: Boolean(cell?.isDim()),
          inverse: Boolean(cell?.isInverse()),
          color: cell === undefined || cell.isFgDefault() ? undefined : cell.getFgColor(),
        };
      });
    });
  }

  /** True if any character on the screen has a colour. */
  hasColor(): boolean {
    const buffer = this.#screen.buffer.active;
    for (let row = 0; row < buffer.length; row++) {
      for (let column = 0; column < this.#screen.cols; column++) {
        if (buffer.getLine(row)?.getCell(column)?.isFgDefault() === false) return true;
      }
    }
    return false;
  }

  /** The place of the cursor, counted from 0, rows that have scrolled off included. */
  cursor(): { row: number; column: number } {
    const { baseY, cursorX, cursorY } = this.#screen.buffer.active;
    return { row: baseY + cursorY, column: cursorX };
  }

  /** Resolves as soon as what is on the screen satisfies the condition. */
  until(condition: (lines: string[]) => boolean): Promise<void> {
    return new Promise((resolve, reject) => {
      const finish = (conclude: () => void) => {
        clearTimeout(timer);
        this.#watchers.delete(watch);
        conclude();
      };
      const watch = () => {
        if (condition(this.lines())) finish(resolve);
      };
      const timer = setTimeout(() => {
        const seen = `what was awaited did not come; on the screen:\n${this.lines().join('\n')}`;
        finish(() => reject(new Error(seen)));
      }, patienceMs);
      this.#watchers.add(watch);
      watch();
    });
  }

  /** Resolves when the last line is this one. */
  untilLastLine(line: string): Promise<void> {
    return this.until((lines) => lines.at(-1) === line);
  }

  /** Resolves when one of the lines is this one. */
  untilLine(line: string): Promise<void> {
    return this.until((lines) => lines.includes(line));
  }

  /** Changes the size of the terminal. */
  resize(columns: number, rows: number): void {
    this.#screen.resize(columns, rows);
    this.#pty.resize(columns, rows);
  }

  /** Takes the terminal away, as closing its window does. */
  hangUp(): void {
    // The type does not tell, but the class can: it closes the terminal under the program.
    (this.#pty as IPty & { destroy(): void }).destroy();
  }
}

import type { Completion } from '../commands/complete.ts';
import type { View } from '../display/render.ts';

/** The calls by which a console tells the client of its events. */
export interface ConsoleHandlers {
  onLine(text: string): void;
  /** A line was longer than `charsMax` and is not kept. */
  onOverlong(charsMax: number): void;
  /** No more lines will come. */
  onEnd(): void;
  /** Ctrl-C was typed. @param typed text was on the line, which is cleared */
  onInterrupt(typed: boolean): void;
  /** The terminal, or whoever read the output, is gone. */
  onHangUp(exitCode: number): void;
  /** The input of a script cannot be read to its end. */
  onInputLost?(reason: string): void;
  /** Several lines were pasted at once. */
  onPaste?(lines: readonly string[]): void;
  /** The terminal has another width. */
  onResize?(): void;
  /** A key was pressed, whatever it does. */
  onKey?(): void;
  /** Returns the possible ends of this beginning of a line. Never rejects. */
  complete(line: string): Promise<Completion>;
}

/** A source of lines and a place for text: somebody at a terminal, or a script. */
export interface ChatConsole {
  /** The width of the terminal; undefined where there is none. It may change. */
  readonly columns: number | undefined;
  start(handlers: ConsoleHandlers): void;
  /** Shows text, whole lines, above the line that is being typed. */
  print(text: string, isError: boolean): void;
  /** Shows the prompt, where there is one, and takes the next line if it is wanted. */
  refresh(view: View): void;
  /** Puts a line into the history. */
  remember(line: string): void;
  /** Resolves when what was printed has room: what keeps a slow reader from filling the memory. */
  drained(): Promise<void>;
  /** Gives the terminal back. May be called again; text can be printed still. */
  close(): void;
}

/** The exit codes of an end that somebody or something else decided: 128 and the signal. */
export const exitCodeOf = { hangUp: 129, interrupt: 130, brokenPipe: 141, terminate: 143 } as const;

import type { TerminalProgram } from '../terminal-program.ts';

// A prompt, whoever is logged in, and what was typed behind it.
const typed = /^((?:\w+)?>) ?(.*)$/;

/** Types what a picture of a chat shows to be typed, each line once the screen shows all that is above it. */
export class PicturePlayer {
  readonly #chat: TerminalProgram;
  readonly #picture: readonly string[];
  #line = 0;

  constructor(chat: TerminalProgram, picture: readonly string[]) {
    this.#chat = chat;
    this.#picture = picture;
  }

  /** Goes on until a line that begins so is the next to be typed or to appear, or to the end. */
  async playUntil(beginning: string): Promise<void> {
    for (; this.#line < this.#picture.length; this.#line++) {
      const line = this.#picture[this.#line] as string;
      const [, prompt, text] = typed.exec(line) ?? [];
      const reached = line.startsWith(beginning);
      if (prompt === undefined && !reached) continue;
      // A message comes while the last prompt waits.
      const waiting = prompt ?? (this.#picture.at(-1) as string);
      const shown = this.#picture.slice(0, this.#line);
      await this.#chat.until((lines) => isPicture(lines, [...shown, waiting]));
      if (reached) return;
      if (this.#line < this.#picture.length - 1) this.#chat.type(`${text}\r`);
    }
  }

  /** Resolves when the whole picture is on the screen. */
  async playToTheEnd(): Promise<void> {
    await this.playUntil('(nothing begins so)');
    await this.#chat.until((lines) => isPicture(lines, this.#picture));
  }
}

function isPicture(lines: readonly string[], picture: readonly string[]): boolean {
  return lines.length === picture.length && lines.every((line, at) => line === picture[at]);
}

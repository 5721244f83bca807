import readline from 'node:readline';
import { type ChatConsole, type ConsoleHandlers, exitCodeOf } from './chat-console.ts';
import { drained } from './drained.ts';
import type { View } from './render.ts';

/** The most lines that the up arrow brings back. */
const historyLinesMax = 500;

type Editor = readline.Interface & {
  /** readline's own: the cursor's row in the wrapped line when it last drew it. */
  prevRows?: number;
  /** readline's own: false amid text that came at once, such as a paste. */
  isCompletionEnabled?: boolean;
};

/**
 * A console for somebody at a terminal: `node:readline` edits the line, and text is shown above it.
 *
 * readline counts on nobody else writing. To draw a line again it goes up by the row in which it
 * left the cursor when it last drew the whole line, and forgets the rows that typing added since.
 * So this class sets that row right before every key, and takes the line off the screen itself
 * before it writes.
 */
export class LineEditor implements ChatConsole {
  readonly #input: NodeJS.ReadStream;
  readonly #output: NodeJS.WriteStream;
  /** A terminal that cannot move its cursor. readline reads the variable itself. */
  readonly #dumb = process.env.TERM === 'dumb';
  readonly #history: string[] = [];
  /** The array that readline keeps its history in. */
  readonly #offered: string[] = [];
  #editor: Editor | undefined;
  #prompt = '';
  /** The prompt, and what was typed after it, are on the screen. */
  #shown = false;

  constructor(input: NodeJS.ReadStream, output: NodeJS.WriteStream) {
    this.#input = input;
    this.#output = output;
  }

  start(handlers: ConsoleHandlers): void {
    const editor: Editor = readline.createInterface({
      input: this.#input,
      output: this.#output,
      terminal: true,
      completer: (line: string) => handlers.complete(line),
      history: this.#offered,
      historySize: historyLinesMax,
    });
    this.#editor = editor;
    this.#follow(editor, handlers);
    // Before readline's own listeners, which draw the line anew.
    this.#output.prependListener('resize', this.#onResize);
    this.#input.prependListener('keypress', this.#onKeypress);
    // A terminal that hung up fails wherever it is touched, when it is given back too: these stay.
    // readline passes errors of the input on as its own.
    const onHangUp = () => handlers.onHangUp(exitCodeOf.hangUp);
    editor.on('error', onHangUp);
    this.#input.on('error', onHangUp);
    this.#output.on('error', onHangUp);
  }

  print(text: string): void {
    this.#erase();
    this.#output.write(text);
  }

  refresh({ prompt }: View): void {
    const editor = this.#editor;
    if (editor === undefined || (this.#shown && prompt === this.#prompt)) return;
    this.#erase();
    this.#prompt = prompt;
    editor.setPrompt(prompt);
    editor.prevRows = 0;
    editor.prompt(true);
    if (this.#dumb) this.#output.write(editor.line);
    this.#shown = true;
  }

  remember(line: string): void {
    if (this.#history[0] !== line) this.#history.unshift(line);
    this.#history.length = Math.min(this.#history.length, historyLinesMax);
    this.#offerHistory();
  }

  drained(): Promise<void> {
    return drained(this.#output);
  }

  close(): void {
    const editor = this.#editor;
    if (editor === undefined) return;
    // What was half typed stays readable: go to its end, then to the next line.
    if (this.#shown && editor.line !== '') editor.write(null, { ctrl: true, name: 'e' });
    this.#editor = undefined;
    editor.close();
    this.#release();
  }

  #follow(editor: Editor, handlers: ConsoleHandlers): void {
    editor.on('line', (line) => {
      this.#shown = false;
      if (this.#editor !== undefined) handlers.onLine(line);
    });
    // readline would keep every line; the client says which are worth it.
    editor.on('history', () => this.#offerHistory());
    editor.on('SIGINT', () => handlers.onInterrupt());
    editor.on('SIGTSTP', () => this.#suspend());
    editor.on('close', () => {
      if (this.#editor === undefined) return;
      this.#editor = undefined;
      this.#release();
      handlers.onEnd();
    });
  }

  /**
   * Ctrl-Z stops the whole foreground group, as the terminal itself would do it: whoever started
   * this client, a package script say, has to stop too for the shell to get its terminal back.
   * readline alone would stop only this process.
   */
  #suspend(): void {
    process.once('SIGCONT', () => {
      if (this.#editor === undefined) return;
      this.#input.setRawMode(true);
      this.#shown = false;
      this.refresh({ prompt: this.#prompt, wantsLine: true });
    });
    this.#input.setRawMode(false);
    process.kill(0, 'SIGTSTP');
  }

  /** Lets go of a terminal that readline gave back. */
  #release(): void {
    if (this.#shown) this.#output.write('\r\n');
    this.#shown = false;
    this.#output.off('resize', this.#onResize);
    this.#input.off('keypress', this.#onKeypress);
  }

  #offerHistory(): void {
    this.#offered.splice(0, this.#offered.length, ...this.#history);
  }

  #redraw(editor: Editor, cursorRow: number): void {
    editor.prevRows = cursorRow;
    editor.prompt(true);
  }

  /** Takes the prompt and the half-typed line off the screen; readline still has the line. */
  #erase(): void {
    const editor = this.#editor;
    if (editor === undefined || !this.#shown) return;
    this.#shown = false;
    if (this.#dumb) {
      this.#output.write('\n');
      return;
    }
    readline.cursorTo(this.#output, 0);
    readline.moveCursor(this.#output, 0, -editor.getCursorPos().rows);
    readline.clearScreenDown(this.#output);
  }

  readonly #onKeypress = (text: string | undefined): void => {
    const editor = this.#editor;
    if (editor === undefined || this.#dumb || !this.#shown) return;
    // Amid a paste, readline only writes: what it counts matters again at the next other key.
    // Counting takes as long as the line is, so doing it for each would take for ever.
    if (editor.isCompletionEnabled === false && isPlain(text)) return;
    const { rows, cols } = editor.getCursorPos();
    // A terminal whose row is just full stays in that row until the next character; drawing the
    // line anew puts the cursor where readline believes it.
    if (cols === 0 && rows > (editor.prevRows ?? 0)) this.#redraw(editor, rows - 1);
    editor.prevRows = rows;
  };

  /**
   * Some terminals wrap the line anew when their width changes, some leave it. Going up by the
   * smaller of the two counts may leave a row of the old line standing, but never eats what is
   * above it.
   */
  readonly #onResize = (): void => {
    const editor = this.#editor;
    if (editor === undefined) return;
    editor.prevRows = Math.min(editor.prevRows ?? 0, editor.getCursorPos().rows);
  };
}

function isPlain(text: string | undefined): boolean {
  return text !== undefined && !/\p{C}/u.test(text);
}

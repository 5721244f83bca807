import readline from 'node:readline';
import { isPlain } from '../printable.ts';
import { bracketedPaste, type Editor } from './readline-editor.ts';

/**
 * The bottom of a terminal: a status row, the prompt, and the line that `node:readline` edits, with
 * text shown above them.
 *
 * readline counts on nobody else writing. To draw a line again it goes up by the row in which it
 * left the cursor when it last drew the whole line, and forgets the rows that typing added since.
 * So {@link countRows} sets that row right before every key, and this class takes the line off the
 * screen itself before it writes.
 */
export class LineScreen {
  readonly #output: NodeJS.WriteStream;
  #editor: Editor | undefined;
  #prompt = '';
  /** The row above the prompt; empty for none. */
  #status = '';
  /** Text that is to be shown at the end of this turn, with all that comes until then. */
  #pending = '';
  #flushing: NodeJS.Immediate | undefined;
  /** The prompt, and what was typed after it, are on the screen. */
  #shown = false;
  /** The prompt of a search in the history, which stands in place of prompt and status row. */
  searchPrompt: string | undefined;

  constructor(output: NodeJS.WriteStream) {
    this.#output = output;
  }

  get prompt(): string {
    return this.#prompt;
  }

  /** True while the line is on the screen. */
  get isShown(): boolean {
    return this.#shown;
  }

  /** Begins to show the line of an editor. */
  open(editor: Editor): void {
    this.#editor = editor;
    this.#output.write(bracketedPaste.on);
  }

  /** Ends on a row of its own, whatever is shown. */
  close(): void {
    this.#output.write(`${bracketedPaste.off}${this.#shown ? '\r\n' : ''}`);
    this.#shown = false;
    this.#editor = undefined;
  }

  /** Shows text above the line by the end of this turn: the messages of a burst move the line once. */
  print(text: string): void {
    this.#pending += text;
    if (this.#editor === undefined || !this.#shown) this.#flush();
  }

  /**
   * Keeps a line whose prompt stays, and draws it anew by the end of this turn if the status row or
   * the text above it has changed. Returns false, and does nothing, where the prompt is another one.
   */
  keeps(prompt: string, status: string): boolean {
    if (!this.#shown || prompt !== this.#prompt) return false;
    if (status === this.#status && this.#pending === '') return true;
    this.#status = status;
    this.#flushing ??= setImmediate(() => this.draw());
    return true;
  }

  /** Draws the line with this prompt and status row. Call {@link clear} before the line changes. */
  show(prompt: string, status: string): void {
    this.#prompt = prompt;
    this.#status = status;
    this.draw();
  }

  /** Writes the text that is pending in place of the line. */
  clear(): void {
    this.#flush();
    this.erase();
  }

  /** Shows the text that is pending, and the line below it. */
  draw(): void {
    this.#flush();
    const editor = this.#editor;
    if (editor === undefined) return;
    this.erase();
    editor.setPrompt(this.#promptNow);
    this.#redraw(editor, 0);
    this.#shown = true;
  }

  /** Draws the line with other content. */
  drawLine(line: string, cursor: number): void {
    this.#drawAs(this.#promptNow, line, cursor);
  }

  /** Draws the line anew if text is pending. */
  drawPending(): void {
    if (this.#pending !== '') this.draw();
  }

  /** Takes the status row away before the line is left where it is: only the line below has one. */
  dropStatus(): void {
    const editor = this.#editor;
    if (editor === undefined || !this.#shown) return;
    if (this.#status === '' || this.searchPrompt !== undefined) return;
    this.#drawAs(this.#prompt, editor.line, editor.cursor);
  }

  /** Leaves the line where it is. @param end the text behind it */
  leave(end = ''): void {
    if (end !== '') this.#output.write(end);
    this.#shown = false;
  }

  /** Takes the prompt and the half-typed line off the screen; readline still has the line. */
  erase(): void {
    const editor = this.#editor;
    if (editor === undefined || !this.#shown) return;
    this.#shown = false;
    readline.cursorTo(this.#output, 0);
    readline.moveCursor(this.#output, 0, -editor.getCursorPos().rows);
    readline.clearScreenDown(this.#output);
  }

  /** Tells readline the cursor's row. Call it before each key. @param text the text of the key */
  countRows(text: string | undefined): void {
    const editor = this.#editor;
    if (editor === undefined || !this.#shown) return;
    // Amid a paste, readline only writes: what it counts matters again at the next other key.
    // Counting takes as long as the line is, so doing it for each would take for ever.
    if (editor.isCompletionEnabled === false && isPlain(text)) return;
    const { rows, cols } = editor.getCursorPos();
    // A terminal whose row is just full stays in that row until the next character; drawing the
    // line anew puts the cursor where readline believes it.
    if (cols === 0 && rows > (editor.prevRows ?? 0)) this.#redraw(editor, rows - 1);
    editor.prevRows = rows;
  }

  /**
   * Tells readline the cursor's row after the terminal's width has changed. Call it before readline
   * draws the line anew.
   *
   * Some terminals wrap the line anew then, some leave it. Going up by the smaller of the two counts
   * may leave a row of the old line standing, but never eats what is above it.
   */
  countRowsAfterResize(): void {
    const editor = this.#editor;
    if (editor === undefined) return;
    editor.prevRows = Math.min(editor.prevRows ?? 0, editor.getCursorPos().rows);
  }

  get #promptNow(): string {
    const status = this.#status === '' ? '' : `${this.#status}\n`;
    return this.searchPrompt ?? status + this.#prompt;
  }

  #drawAs(prompt: string, line: string, cursor: number): void {
    const editor = this.#editor;
    if (editor === undefined) return;
    this.erase();
    editor.setPrompt(prompt);
    editor.line = line;
    editor.cursor = cursor;
    editor.historyIndex = -1;
    editor.prevRows = 0;
    editor._refreshLine();
    this.#shown = true;
  }

  #flush(): void {
    clearImmediate(this.#flushing);
    this.#flushing = undefined;
    if (this.#pending === '') return;
    const text = this.#pending;
    this.#pending = '';
    this.erase();
    this.#output.write(text);
  }

  #redraw(editor: Editor, cursorRow: number): void {
    editor.prevRows = cursorRow;
    editor.prompt(true);
  }
}

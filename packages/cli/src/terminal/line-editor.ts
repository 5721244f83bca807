import readline from 'node:readline';
import { type ChatConsole, type ConsoleHandlers, exitCodeOf } from './chat-console.ts';
import type { Completion } from './complete.ts';
import { drained } from './drained.ts';
import { emptySearch, type HistorySearch, searchByKey, searchPrompt } from './history-search.ts';
import { readPaste } from './paste.ts';
import { isPlain } from './printable.ts';
import {
  bracketedPaste,
  type Editor,
  endsLineOfReadline,
  insertAsItIs,
  isIdle,
  isTab,
  openEditor,
  pictured,
} from './readline-editor.ts';
import type { View } from './render.ts';

/** The most lines that the up arrow brings back. */
const historyLinesMax = 500;

const noLine = { line: '', cursor: 0 };

/** The time after which Ctrl-Z has stopped nothing, in milliseconds. A stop takes no time. */
const stopMsMax = 100;

/** The history is being searched. */
interface Search {
  readonly found: HistorySearch;
  /** The line before it. */
  readonly line: string;
}

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
  readonly #history: string[] = [];
  /** The array that readline keeps its history in. */
  readonly #offered: string[] = [];
  #editor: Editor | undefined;
  #handlers: ConsoleHandlers | undefined;
  #prompt = '';
  /** The row above the prompt; empty for none. */
  #status = '';
  /** Text that is to be shown at the end of this turn, with all that comes until then. */
  #pending = '';
  #flushing: NodeJS.Immediate | undefined;
  /** The text of the current paste so far; undefined outside a paste. */
  #pasted: string | undefined;
  /** The completion that readline offers at the next Tab. */
  #completion: Completion = [[], ''];
  #search: Search | undefined;
  #pasting = false;
  /** The last key was a carriage return. */
  #returned = false;
  /** The secret that is being typed, of which nothing is shown; undefined when none is asked for. */
  #secret: string | undefined;
  /** The line that was half typed before a secret was asked for, which comes back after it. */
  #half: Pick<Editor, 'line' | 'cursor'> = noLine;
  /** The prompt, and what was typed after it, are on the screen. */
  #shown = false;

  constructor(input: NodeJS.ReadStream, output: NodeJS.WriteStream) {
    this.#input = input;
    this.#output = output;
  }

  get columns(): number | undefined {
    return this.#output.columns || undefined;
  }

  start(handlers: ConsoleHandlers): void {
    const editor = openEditor(this.#input, this.#output, {
      completer: () => this.#completion,
      history: this.#offered,
      historySize: historyLinesMax,
    });
    this.#editor = editor;
    this.#handlers = handlers;
    const act = editor._ttyWrite.bind(editor);
    const edit = (text: string | undefined, key: readline.Key) => {
      const isEnd = key.ctrl && key.name === 'd' && editor.line === '';
      if (key.name === 'return' || isEnd) this.#dropStatus(editor);
      act(text, key);
    };
    editor._ttyWrite = (text, key) => this.#press(editor, edit, text, key);
    this.#output.write(bracketedPaste.on);
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

  /** Shows text by the end of this turn: the messages of a burst move the line once. */
  print(text: string): void {
    this.#pending += text;
    if (this.#editor === undefined || !this.#shown) this.#flush();
  }

  refresh({ prompt, hidden = false, keepsLine = false, status = '' }: View): void {
    const editor = this.#editor;
    if (editor === undefined) return;
    if (this.#shown && prompt === this.#prompt) {
      if (status === this.#status && this.#pending === '') return;
      this.#status = status;
      this.#flushing ??= setImmediate(() => this.#drawAll());
      return;
    }
    this.#flush();
    this.#erase();
    if (hidden !== (this.#secret !== undefined)) this.#hide(editor, hidden, keepsLine);
    this.#prompt = prompt;
    this.#status = status;
    this.#drawAll();
  }

  /** Shows what is pending, and the line below it. */
  #drawAll(): void {
    const editor = this.#editor;
    this.#flush();
    if (editor === undefined) return;
    this.#erase();
    editor.setPrompt(
      this.#search === undefined
        ? this.#statusRow + this.#prompt
        : searchPrompt(this.#search.found),
    );
    editor.prevRows = 0;
    editor.prompt(true);
    this.#shown = true;
  }

  /** Writes what is pending in place of the line. */
  #flush(): void {
    clearImmediate(this.#flushing);
    this.#flushing = undefined;
    if (this.#pending === '') return;
    const text = this.#pending;
    this.#pending = '';
    this.#erase();
    this.#output.write(text);
  }

  get #statusRow(): string {
    return this.#status === '' ? '' : `${this.#status}\n`;
  }

  /** Takes the status row away before the line is left where it is: only the line below has one. */
  #dropStatus(editor: Editor): void {
    if (this.#status === '' || !this.#shown || this.#search !== undefined) return;
    this.#redrawAs(editor, this.#prompt, editor.line, editor.cursor);
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
    if (this.#pending !== '') this.#drawAll();
    this.#dropStatus(editor);
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
    editor.on('SIGINT', () => this.#interrupt(editor, handlers));
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
   * readline alone would stop only this process. Where no shell controls the job, the system stops
   * nothing, and nobody says that it goes on.
   */
  #suspend(): void {
    process.off('SIGCONT', this.#onContinue);
    process.once('SIGCONT', this.#onContinue);
    setTimeout(() => this.#takeTerminal(), stopMsMax);
    this.#output.write(bracketedPaste.off);
    this.#input.setRawMode(false);
    process.kill(0, 'SIGTSTP');
  }

  readonly #onContinue = (): void => {
    this.#takeTerminal();
    this.#shown = false;
    const hidden = this.#secret !== undefined;
    const status = this.#status;
    this.refresh({ prompt: this.#prompt, wantsLine: true, hidden, status });
  };

  #takeTerminal(): void {
    if (this.#editor === undefined) return;
    this.#input.setRawMode(true);
    this.#output.write(bracketedPaste.on);
  }

  /** Lets go of a terminal that readline gave back. */
  #release(): void {
    this.#output.write(`${bracketedPaste.off}${this.#shown ? '\r\n' : ''}`);
    this.#shown = false;
    process.off('SIGCONT', this.#onContinue);
    this.#output.off('resize', this.#onResize);
    this.#input.off('keypress', this.#onKeypress);
  }

  /**
   * Begins to hide what is typed, or ends it. What was typed ahead is no secret: it comes back
   * afterwards, or is dropped where it may be the beginning of one.
   */
  #hide(editor: Editor, hidden: boolean, keepsLine: boolean): void {
    const { line } = this.#search ?? editor;
    const cursor = Math.min(editor.cursor, line.length);
    const next = hidden ? noLine : this.#half;
    this.#half = hidden && keepsLine ? { line, cursor } : noLine;
    this.#secret = hidden ? '' : undefined;
    this.#search = undefined;
    editor.line = next.line;
    editor.cursor = next.cursor;
  }

  /** Takes a key of a secret. readline never has any of it, nor has its history. */
  #pressHidden(
    secret: string,
    edit: Editor['_ttyWrite'],
    text: string | undefined,
    key: readline.Key,
  ): void {
    if (key.name === 'return' || key.name === 'enter') {
      if (this.#pasting) return;
      this.#secret = '';
      this.#output.write('\r\n');
      this.#shown = false;
      this.#handlers?.onLine(secret);
    } else if (key.name === 'backspace') {
      this.#secret = [...secret].slice(0, -1).join('');
    } else if (key.ctrl && key.name === 'u') {
      this.#secret = '';
    } else if (key.ctrl && (key.name === 'c' || key.name === 'd' || key.name === 'z')) {
      if (key.name === 'c') this.#secret = '';
      if (key.name !== 'd' || secret === '') edit(text, key);
    } else if (!key.ctrl && !key.meta && text !== undefined && isPlain(text)) {
      this.#secret = secret + text;
    }
  }

  /** Does what a key means here, or leaves it to readline. */
  #press(
    editor: Editor,
    edit: Editor['_ttyWrite'],
    text: string | undefined,
    pressed: readline.Key,
  ): void {
    this.#handlers?.onKey?.();
    // readline drops a newline that comes soon after a Return, though other keys came between them.
    const isLineEnd = pressed.name === 'enter' && !this.#returned;
    const key = isLineEnd ? { ...pressed, name: 'return' } : pressed;
    this.#returned = key.name === 'return';
    if (key.name === 'paste-start' || key.name === 'paste-end') {
      const pasted = this.#pasted ?? '';
      this.#pasting = key.name === 'paste-start';
      this.#pasted = this.#pasting ? '' : undefined;
      if (this.#search !== undefined) this.#endSearch(editor, editor.line);
      if (!this.#pasting) this.#insertPaste(editor, edit, pasted);
    } else if (this.#secret !== undefined) {
      this.#pressHidden(this.#secret, edit, text, key);
    } else if (this.#pasted !== undefined) {
      this.#pasted += pressed.sequence ?? text ?? '';
    } else if (isIdle(key)) {
      return;
    } else if (key.ctrl && key.name === 'r' && this.#search === undefined) {
      this.#showSearch(editor, emptySearch, editor.line);
    } else if (this.#search !== undefined) {
      this.#pressInSearch(editor, edit, this.#search, text, key);
    } else if (isTab(key) && editor.isCompletionEnabled !== false) {
      void this.#complete(editor, edit, key);
    } else if (text !== undefined && endsLineOfReadline(text)) {
      insertAsItIs(editor, text);
    } else edit(text, key);
  }

  /** Puts a paste into the line. Several lines are for the client, which asks before it acts on them. */
  #insertPaste(editor: Editor, edit: Editor['_ttyWrite'], pasted: string): void {
    const paste = readPaste(pasted);
    if (paste.kind !== 'lines') {
      if (paste.text !== '') insertAsItIs(editor, paste.text);
      if (paste.kind === 'line')
        edit('\r', { name: 'return', sequence: '\r', ctrl: false, meta: false, shift: false });
      return;
    }
    const [first, ...more] = paste.lines;
    const { line, cursor } = editor;
    const begun = `${line.slice(0, cursor)}${pictured(first)}${line.slice(cursor)}`;
    // As long as readline has the line, it knows the rows of it.
    this.#erase();
    editor.line = '';
    editor.cursor = 0;
    this.#handlers?.onPaste?.([begun, ...more]);
  }

  #pressInSearch(
    editor: Editor,
    edit: Editor['_ttyWrite'],
    { found, line }: Search,
    text: string | undefined,
    key: readline.Key,
  ): void {
    const next = searchByKey(this.#history, found, text, key);
    if (typeof next !== 'string') this.#showSearch(editor, next, line);
    else if (next === 'cancelled') this.#endSearch(editor, line);
    else {
      this.#endSearch(editor, editor.line);
      edit(text, key);
    }
  }

  /** @param line the line before the search, which stays until something is found */
  #showSearch(editor: Editor, found: HistorySearch, line: string): void {
    this.#search = { found, line };
    const shown = this.#history[found.at] ?? line;
    const cursor = found.at < 0 ? shown.length : shown.indexOf(found.query);
    this.#redrawAs(editor, searchPrompt(found), shown, Math.max(0, cursor));
  }

  #endSearch(editor: Editor, line: string): void {
    this.#search = undefined;
    this.#redrawAs(editor, this.#statusRow + this.#prompt, line, line.length);
  }

  #redrawAs(editor: Editor, prompt: string, line: string, cursor: number): void {
    this.#erase();
    editor.setPrompt(prompt);
    editor.line = line;
    editor.cursor = cursor;
    editor.historyIndex = -1;
    editor.prevRows = 0;
    editor._refreshLine();
    this.#shown = true;
  }

  /** Completes the line once it is known how, unless something was typed meanwhile. */
  async #complete(editor: Editor, edit: Editor['_ttyWrite'], key: readline.Key): Promise<void> {
    const { line, cursor } = editor;
    const prompt = this.#prompt;
    const completion = await this.#handlers?.complete(line.slice(0, cursor));
    const isSame = editor.line === line && editor.cursor === cursor && this.#prompt === prompt;
    if (completion === undefined || !isSame || this.#editor !== editor || this.#search) return;
    this.#completion = completion;
    this.#onKeypress(undefined);
    edit('\t', key);
  }

  /** Leaves what was typed where it is, as shells do, and begins a new line below it. */
  #interrupt(editor: Editor, handlers: ConsoleHandlers): void {
    const typed = editor.line !== '';
    this.#dropStatus(editor);
    if (typed) {
      editor.write(null, { ctrl: true, name: 'e' });
      this.#output.write('^C\r\n');
      this.#shown = false;
      this.#redrawAs(editor, this.#statusRow + this.#prompt, '', 0);
    }
    handlers.onInterrupt(typed);
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
    readline.cursorTo(this.#output, 0);
    readline.moveCursor(this.#output, 0, -editor.getCursorPos().rows);
    readline.clearScreenDown(this.#output);
  }

  readonly #onKeypress = (text: string | undefined): void => {
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
    setImmediate(() => this.#handlers?.onResize?.());
  };
}

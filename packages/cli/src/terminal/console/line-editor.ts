import type readline from 'node:readline';
import type { Completion } from '../commands/complete.ts';
import type { View } from '../display/render.ts';
import { isPlain } from '../printable.ts';
import { type ChatConsole, type ConsoleHandlers, exitCodeOf } from './chat-console.ts';
import { drained } from './drained.ts';
import { emptySearch, type HistorySearch, searchByKey, searchPrompt } from './history-search.ts';
import { LineScreen } from './line-screen.ts';
import { readPaste } from './paste.ts';
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
 * A console for somebody at a terminal: `node:readline` edits the line, this class decides what the
 * other keys mean, and {@link LineScreen} shows text above the line.
 */
export class LineEditor implements ChatConsole {
  readonly #input: NodeJS.ReadStream;
  readonly #output: NodeJS.WriteStream;
  readonly #screen: LineScreen;
  readonly #history: string[] = [];
  /** The array that readline keeps its history in. */
  readonly #offered: string[] = [];
  #editor: Editor | undefined;
  #handlers: ConsoleHandlers | undefined;
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

  constructor(input: NodeJS.ReadStream, output: NodeJS.WriteStream) {
    this.#input = input;
    this.#output = output;
    this.#screen = new LineScreen(output);
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
      if (key.name === 'return' || isEnd) this.#screen.dropStatus();
      act(text, key);
    };
    editor._ttyWrite = (text, key) => this.#press(editor, edit, text, key);
    this.#screen.open(editor);
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
    this.#screen.print(text);
  }

  refresh({ prompt, hidden = false, keepsLine = false, status = '' }: View): void {
    const editor = this.#editor;
    if (editor === undefined || this.#screen.keeps(prompt, status)) return;
    this.#screen.clear();
    if (hidden !== (this.#secret !== undefined)) this.#hide(editor, hidden, keepsLine);
    this.#screen.show(prompt, status);
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
    this.#screen.drawPending();
    this.#screen.dropStatus();
    // What was half typed stays readable: go to its end, then to the next line.
    if (this.#screen.isShown && editor.line !== '') editor.write(null, { ctrl: true, name: 'e' });
    this.#editor = undefined;
    editor.close();
    this.#release();
  }

  #follow(editor: Editor, handlers: ConsoleHandlers): void {
    editor.on('line', (line) => {
      this.#screen.leave();
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
    this.#screen.leave();
    this.#screen.draw();
  };

  #takeTerminal(): void {
    if (this.#editor === undefined) return;
    this.#input.setRawMode(true);
    this.#output.write(bracketedPaste.on);
  }

  /** Lets go of a terminal that readline gave back. */
  #release(): void {
    this.#screen.close();
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
    this.#setSearch(undefined);
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
      this.#screen.leave('\r\n');
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
      if (this.#search !== undefined) this.#endSearch(editor.line);
      if (!this.#pasting) this.#insertPaste(editor, edit, pasted);
    } else if (this.#secret !== undefined) {
      this.#pressHidden(this.#secret, edit, text, key);
    } else if (this.#pasted !== undefined) {
      this.#pasted += pressed.sequence ?? text ?? '';
    } else if (isIdle(key)) {
      return;
    } else if (key.ctrl && key.name === 'r' && this.#search === undefined) {
      this.#showSearch(emptySearch, editor.line);
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
    this.#screen.erase();
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
    if (typeof next !== 'string') this.#showSearch(next, line);
    else if (next === 'cancelled') this.#endSearch(line);
    else {
      this.#endSearch(editor.line);
      edit(text, key);
    }
  }

  /** @param line the line before the search, which stays until something is found */
  #showSearch(found: HistorySearch, line: string): void {
    this.#setSearch({ found, line });
    const shown = this.#history[found.at] ?? line;
    const cursor = found.at < 0 ? shown.length : shown.indexOf(found.query);
    this.#screen.drawLine(shown, Math.max(0, cursor));
  }

  #endSearch(line: string): void {
    this.#setSearch(undefined);
    this.#screen.drawLine(line, line.length);
  }

  #setSearch(search: Search | undefined): void {
    this.#search = search;
    this.#screen.searchPrompt = search && searchPrompt(search.found);
  }

  /** Completes the line once it is known how, unless something was typed meanwhile. */
  async #complete(editor: Editor, edit: Editor['_ttyWrite'], key: readline.Key): Promise<void> {
    const { line, cursor } = editor;
    const { prompt } = this.#screen;
    const completion = await this.#handlers?.complete(line.slice(0, cursor));
    const isSame =
      editor.line === line && editor.cursor === cursor && this.#screen.prompt === prompt;
    if (completion === undefined || !isSame || this.#editor !== editor || this.#search) return;
    this.#completion = completion;
    this.#screen.countRows(undefined);
    edit('\t', key);
  }

  /** Leaves what was typed where it is, as shells do, and begins a new line below it. */
  #interrupt(editor: Editor, handlers: ConsoleHandlers): void {
    const typed = editor.line !== '';
    this.#screen.dropStatus();
    if (typed) {
      editor.write(null, { ctrl: true, name: 'e' });
      this.#screen.leave('^C\r\n');
      this.#screen.drawLine('', 0);
    }
    handlers.onInterrupt(typed);
  }

  #offerHistory(): void {
    this.#offered.splice(0, this.#offered.length, ...this.#history);
  }

  readonly #onKeypress = (text: string | undefined): void => this.#screen.countRows(text);

  readonly #onResize = (): void => {
    if (this.#editor === undefined) return;
    this.#screen.countRowsAfterResize();
    setImmediate(() => this.#handlers?.onResize?.());
  };
}

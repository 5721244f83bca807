import readline from 'node:readline';

/** readline's interface, with what it lets others replace: Node.js's own REPL does the same. */
export type Editor = Omit<readline.Interface, 'line' | 'cursor'> & {
  line: string;
  cursor: number;
  /** The index in the history that the up arrow has reached; -1 where it was not used. */
  historyIndex: number;
  /** The cursor's row in the wrapped line when readline last drew it. */
  prevRows?: number;
  /** False amid text that came at once, such as a paste. */
  isCompletionEnabled?: boolean;
  _insertString(text: string): void;
  _refreshLine(): void;
  _ttyWrite(text: string | undefined, key: readline.Key): void;
  _writeToOutput(text: string): void;
};

/** The sequences that make a terminal mark where a paste begins and ends, and that undo it. */
export const bracketedPaste = { on: '\x1b[?2004h', off: '\x1b[?2004l' } as const;

/** Begins to edit lines on a terminal. */
export function openEditor(
  input: NodeJS.ReadStream,
  output: NodeJS.WriteStream,
  options: Pick<readline.ReadLineOptions, 'completer' | 'history' | 'historySize'>,
): Editor {
  const opened = readline.createInterface({ ...options, input, output, terminal: true });
  const editor = opened as readline.Interface as Editor;
  editor._writeToOutput = (text) => output.write(showable(text));
  return editor;
}

/** Tells if readline would end the line at this text, though no key for that was pressed. */
export function endsLineOfReadline(text: string): boolean {
  return /[\u2028\u2029]/.test(text);
}

/** Puts text into the line, whatever keys it would be, {@link pictured}. */
export function insertAsItIs(editor: Editor, text: string): void {
  editor._insertString(pictured(text));
}

/**
 * Returns text for a line: a control character becomes the picture of its name (U+240B for a vertical
 * tab), which a message cannot have either.
 */
export function pictured(text: string): string {
  return text.replace(c0, (control) => String.fromCharCode(control.charCodeAt(0) + 0x2400));
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const c0 = /[\0-\x1f]/g;

/**
 * Returns what readline writes, without what would steer the terminal in ways that readline does not count:
 * it takes the C1 controls for characters without width, and line separators for spaces.
 */
function showable(text: string): string {
  return text.replace(/[\x7f-\x9f]/g, '').replace(/[\u2028\u2029]/g, ' ');
}

/** Tells if a key is Ctrl-\\ or Ctrl-]: readline has no use for them, and would put them into the line. */
export function isIdle({ sequence }: readline.Key): boolean {
  return sequence === '\x1c' || sequence === '\x1d';
}

/** Tells if a key is Tab alone. */
export function isTab({ name, ctrl, meta, shift }: readline.Key): boolean {
  return name === 'tab' && !ctrl && !meta && !shift;
}

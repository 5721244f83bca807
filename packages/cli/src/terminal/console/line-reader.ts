import { getSystemErrorMessage } from 'node:util';
import type { View } from '../display/render.ts';
import { type ChatConsole, type ConsoleHandlers, exitCodeOf } from './chat-console.ts';
import { drained } from './drained.ts';

/** The longest line that is kept, in characters. No command comes near it. */
export const lineCharsMax = 4096;

/** The input cannot be read; the message is one sentence for people. */
export class InputError extends Error {}

/** The streams of a reader: its lines come from one, and its text goes to the others. */
export interface LineReaderStreams {
  readonly input: NodeJS.ReadStream;
  readonly output: NodeJS.WriteStream;
  readonly errorOutput: NodeJS.WriteStream;
  /**
   * Somebody types at a terminal that cannot move its cursor: the terminal itself edits the line, and
   * the prompt is written again below whatever was printed. Otherwise a script is read, without one.
   */
  readonly typed: boolean;
}

/** A console that reads a line when one is wanted, and prints: for a script, or a plain terminal. */
export class LineReader implements ChatConsole {
  readonly #streams: LineReaderStreams;
  readonly #lines: AsyncGenerator<string | undefined>;
  #handlers: ConsoleHandlers | undefined;
  /** The prompt that stands at the end of what was printed. */
  #prompt = '';
  #reading = false;
  #closed = false;

  constructor(streams: LineReaderStreams) {
    this.#streams = streams;
    this.#lines = readLines(streams.input);
  }

  get columns(): number | undefined {
    const { typed, output } = this.#streams;
    return (typed && output.columns) || undefined;
  }

  start(handlers: ConsoleHandlers): void {
    const { input, output, errorOutput, typed } = this.#streams;
    this.#handlers = handlers;
    const onHangUp = () => handlers.onHangUp(typed ? exitCodeOf.hangUp : exitCodeOf.brokenPipe);
    output.on('error', onHangUp);
    errorOutput.on('error', onHangUp);
    // The reading fails with the same error, and that is where it is handled.
    input.on('error', () => undefined);
  }

  print(text: string, isError: boolean): void {
    const { output, errorOutput, typed } = this.#streams;
    this.#leavePrompt();
    (isError && !typed ? errorOutput : output).write(text);
  }

  refresh({ prompt, wantsLine }: View): void {
    if (!wantsLine || this.#closed) return;
    if (this.#streams.typed && prompt !== this.#prompt) {
      this.#leavePrompt();
      this.#streams.output.write(prompt);
      this.#prompt = prompt;
    }
    if (!this.#reading) void this.#readLine();
  }

  remember(): void {}

  async drained(): Promise<void> {
    await drained(this.#streams.output);
    await drained(this.#streams.errorOutput);
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#leavePrompt();
    this.#streams.input.destroy();
  }

  #leavePrompt(): void {
    if (this.#prompt !== '') this.#streams.output.write('\n');
    this.#prompt = '';
  }

  async #readLine(): Promise<void> {
    this.#reading = true;
    await this.drained();
    const line = await this.#lines.next().catch((error: Error) => error);
    this.#reading = false;
    if (this.#closed) return;
    if (line instanceof InputError) {
      this.#closed = true;
      // A terminal that cannot be read is gone.
      if (this.#streams.typed) this.#handlers?.onHangUp(exitCodeOf.hangUp);
      else this.#handlers?.onInputLost?.(line.message);
      return;
    }
    if (line instanceof Error) throw line;
    if (line.done) {
      this.#leavePrompt();
      this.#closed = true;
      this.#handlers?.onEnd();
      return;
    }
    // Return has ended the prompt's row.
    this.#prompt = '';
    if (line.value === undefined) this.#handlers?.onOverlong(lineCharsMax);
    else this.#handlers?.onLine(line.value);
  }
}

/**
 * The lines of a stream without their ends, `undefined` for one longer than {@link lineCharsMax}. A
 * line ends with `\n` or `\r\n`, and with nothing else. The text is UTF-8; a byte order mark, which some
 * editors put before it, is left out. Reads on only when the next line is asked for.
 *
 * @throws InputError
 */
export async function* readLines(input: NodeJS.ReadStream): AsyncGenerator<string | undefined> {
  const decoder = new TextDecoder();
  let begun = '';
  for await (const chunk of chunksOf(input)) {
    const text = typeof chunk === 'string' ? chunk : decoder.decode(chunk, { stream: true });
    const [first = '', ...rest] = text.split('\n');
    begun += first;
    for (const next of rest) {
      yield lineOrOverlong(begun);
      begun = next;
    }
    // One character more is kept, to tell that there were too many.
    begun = begun.slice(0, lineCharsMax + 1);
  }
  if (begun !== '') yield lineOrOverlong(begun);
}

async function* chunksOf(input: NodeJS.ReadStream): AsyncGenerator<string | Buffer> {
  try {
    yield* input as AsyncIterable<string | Buffer>;
  } catch (cause) {
    const { errno, message } = cause as NodeJS.ErrnoException;
    const reason = errno === undefined ? message : getSystemErrorMessage(errno);
    throw new InputError(`standard input cannot be read: ${reason}`, { cause });
  }
}

function lineOrOverlong(text: string): string | undefined {
  const line = text.endsWith('\r') ? text.slice(0, -1) : text;
  return line.length > lineCharsMax ? undefined : line;
}

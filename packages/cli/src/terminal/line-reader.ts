import { StringDecoder } from 'node:string_decoder';
import { type ChatConsole, type ConsoleHandlers, exitCodeOf } from './chat-console.ts';
import { drained } from './drained.ts';
import type { View } from './render.ts';

/** The longest line that is kept, in characters. No command comes near it. */
export const lineCharsMax = 4096;

/** A console for a script: reads a line when one is wanted, prints, and shows no prompt. */
export class LineReader implements ChatConsole {
  readonly #input: NodeJS.ReadStream;
  readonly #output: NodeJS.WriteStream;
  readonly #errorOutput: NodeJS.WriteStream;
  readonly #lines: AsyncGenerator<string | undefined>;
  #handlers: ConsoleHandlers | undefined;
  #reading = false;
  #closed = false;

  constructor(
    input: NodeJS.ReadStream,
    output: NodeJS.WriteStream,
    errorOutput: NodeJS.WriteStream,
  ) {
    this.#input = input;
    this.#output = output;
    this.#errorOutput = errorOutput;
    this.#lines = readLines(input);
  }

  start(handlers: ConsoleHandlers): void {
    this.#handlers = handlers;
    const onHangUp = () => handlers.onHangUp(exitCodeOf.brokenPipe);
    this.#output.on('error', onHangUp);
    this.#errorOutput.on('error', onHangUp);
    // The reading fails with the same error, and that is where it is handled.
    this.#input.on('error', () => undefined);
  }

  print(text: string, isError: boolean): void {
    (isError ? this.#errorOutput : this.#output).write(text);
  }

  refresh({ wantsLine }: View): void {
    if (wantsLine && !this.#reading && !this.#closed) void this.#readLine();
  }

  remember(): void {}

  async drained(): Promise<void> {
    await drained(this.#output);
    await drained(this.#errorOutput);
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#input.destroy();
  }

  async #readLine(): Promise<void> {
    this.#reading = true;
    await this.drained();
    const line = await this.#lines.next().catch(() => ({ done: true, value: undefined }) as const);
    this.#reading = false;
    if (this.#closed) return;
    if (line.done) {
      this.#closed = true;
      this.#handlers?.onEnd();
    } else if (line.value === undefined) this.#handlers?.onOverlong(lineCharsMax);
    else this.#handlers?.onLine(line.value);
  }
}

/**
 * The lines of a stream without their ends, `undefined` for one longer than {@link lineCharsMax}.
 * Reads on only when the next line is asked for.
 */
async function* readLines(input: NodeJS.ReadStream): AsyncGenerator<string | undefined> {
  const decoder = new StringDecoder('utf8');
  let begun = '';
  for await (const chunk of input) {
    const text = typeof chunk === 'string' ? chunk : decoder.write(chunk);
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

function lineOrOverlong(text: string): string | undefined {
  const line = text.endsWith('\r') ? text.slice(0, -1) : text;
  return line.length > lineCharsMax ? undefined : line;
}

import type { EventEmitter } from 'node:events';
import { ChatError, type ExchangeClient, formatPlace } from '@tandem/core';
import { flushed } from '../terminal/drained.ts';
import { describeFailure } from '../terminal/failure.ts';
import { LineEditor } from '../terminal/line-editor.ts';
import { LineReader } from '../terminal/line-reader.ts';
import type { Look } from '../terminal/render.ts';
import { Shell } from '../terminal/shell.ts';
import { isEditable } from '../terminal/terminal-kind.ts';

/** What `tandem chat` needs. */
export interface ChatOptions {
  /** Opens a connection, over whatever transport. */
  readonly connect: () => Promise<ExchangeClient>;
  readonly transport: 'socket' | 'grpc';
  readonly input: NodeJS.ReadStream;
  readonly output: NodeJS.WriteStream;
  readonly errorOutput: NodeJS.WriteStream;
  /** Whether to use colour on a terminal. By default the environment says. [https://no-color.org] */
  readonly color?: boolean;
  /** Emits `SIGINT`, `SIGTERM` and `SIGHUP`. The process, unless told otherwise. */
  readonly signals?: EventEmitter;
  /** How long leaving may take: a logout and a goodbye that are not answered by then are given up. */
  readonly farewellTimeoutMs?: number;
}

const farewellTimeoutMsDefault = 2000;

/**
 * Connects, and runs the terminal client until it ends: a conversation where input and output are
 * terminals, a script otherwise. Resolves with the exit code (listed in `scriptingHelp`), when all
 * output was written. A connection may linger if it had to leave at once, so end the process then.
 */
export async function runChat(options: ChatOptions): Promise<number> {
  const { connect, transport, input, output, errorOutput } = options;
  let client: ExchangeClient;
  try {
    client = await connect();
  } catch (error) {
    if (!(error instanceof ChatError)) throw error;
    errorOutput.write(`${describeFailure(error)}\n`);
    await flushed(errorOutput);
    return 1;
  }
  const terminal = input.isTTY === true && output.isTTY === true;
  const editable = terminal && isEditable(process.env);
  const console = editable
    ? new LineEditor(input, output)
    : new LineReader({ input, output, errorOutput, typed: terminal });
  const look: Look = { terminal, color: editable && (options.color ?? !process.env.NO_COLOR) };
  const shell = new Shell({
    client,
    console,
    look,
    serverName: `${formatPlace(client.place)} over ${transport === 'socket' ? 'sockets' : 'gRPC'}`,
    signals: options.signals ?? process,
    farewellTimeoutMs: options.farewellTimeoutMs ?? farewellTimeoutMsDefault,
  });
  const exitCode = await shell.run();
  await Promise.all([flushed(output), flushed(errorOutput)]);
  return exitCode;
}

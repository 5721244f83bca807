import type { EventEmitter } from 'node:events';
import { ChatError, type ExchangeClient, formatPlace, type TransportName } from '@tandem/core';
import type { Settings } from '../terminal/commands/setting.ts';
import type { ChatConsole } from '../terminal/console/chat-console.ts';
import { flushed } from '../terminal/console/drained.ts';
import type { MessageHistory } from '../terminal/display/message-history.ts';
import type { JsonLook, Look } from '../terminal/display/render.ts';
import { Shell } from '../terminal/shell.ts';
import { describeFailure } from '../terminal/state/failure.ts';

/** The parts that `tandem chat` needs. */
export interface ChatOptions {
  /** Opens a connection, over whatever transport. */
  readonly connect: () => Promise<ExchangeClient>;
  readonly transport: TransportName;
  /** The connection is encrypted. */
  readonly tls?: boolean;
  readonly settings?: Settings | undefined;
  /** The messages that were seen; those of this chat alone, unless it is given. */
  readonly history?: MessageHistory;
  /** Lines only: no line is drawn again, as a screen reader wants it. */
  readonly plain?: boolean | undefined;
  /** The secret of accounts for which none is asked; undefined for none. */
  readonly secret?: string | undefined;
  /** Connects again by itself at a terminal. True by default. */
  readonly reconnect?: boolean | undefined;
  /** Writes events as JSON and takes commands as JSON, as without a terminal. */
  readonly json?: boolean;
  readonly input: NodeJS.ReadStream;
  readonly output: NodeJS.WriteStream;
  readonly errorOutput: NodeJS.WriteStream;
  /** Uses colour on a terminal. By default the environment decides. [https://no-color.org] */
  readonly color?: boolean;
  /** Emits `SIGINT`, `SIGTERM` and `SIGHUP`. The process, unless told otherwise. */
  readonly signals?: EventEmitter;
  /** The time that leaving may take: a logout and a goodbye without a response by then are given up. */
  readonly farewellTimeoutMs?: number;
}

const farewellTimeoutMsDefault = 2000;

const transportNames = { socket: 'sockets', grpc: 'gRPC' } as const;

/**
 * Connects, and runs the terminal client until it ends: a conversation where input and output are
 * terminals, a script otherwise. Resolves with the exit code (listed in `scriptingHelp`), when all
 * output was written. A connection may linger if it had to leave at once, so end the process then.
 */
export async function runChat(options: ChatOptions): Promise<number> {
  const { connect, transport, input, output, errorOutput } = options;
  const json = options.json ? await loadJson() : undefined;
  let client: ExchangeClient;
  try {
    client = await connect();
  } catch (error) {
    if (!(error instanceof ChatError)) throw error;
    const text = describeFailure(error);
    const refused = { kind: 'refused', text, code: error.code } as const;
    if (json !== undefined) output.write(json.render(refused, new Date()));
    else errorOutput.write(`${text}\n`);
    await Promise.all([flushed(output), flushed(errorOutput)]);
    return 1;
  }
  const terminal = json === undefined && input.isTTY === true && output.isTTY === true;
  const editable = terminal && !options.plain && (await canEdit());
  const console = editable ? await openEditor(options) : await openReader(options, terminal);
  const look: Look = {
    terminal,
    color: editable && (options.color ?? !process.env.NO_COLOR),
    status: editable ? await loadStatus(options, formatPlace(client.place)) : undefined,
    manyColors: editable && (await hasManyColors()),
    hides: editable,
    json,
  };
  const shell = new Shell({
    client,
    reconnect: options.reconnect === false ? undefined : connect,
    console,
    look,
    settings: options.settings,
    history: options.history,
    serverName: `${formatPlace(client.place)} over ${transportNames[transport]}`,
    secret: options.secret,
    signals: options.signals ?? process,
    farewellTimeoutMs: options.farewellTimeoutMs ?? farewellTimeoutMsDefault,
  });
  const exitCode = await shell.run();
  await Promise.all([flushed(output), flushed(errorOutput)]);
  return exitCode;
}

async function loadStatus(
  { transport, tls = false }: ChatOptions,
  server: string,
): Promise<NonNullable<Look['status']>> {
  const { statusLine } = await import('../terminal/display/status-line.ts');
  const words = { server, transport: transportNames[transport], tls };
  return (state, columns) => statusLine(state, words, columns);
}

async function loadJson(): Promise<JsonLook> {
  const { renderJson: render } = await import('../terminal/display/render-json.ts');
  const { parseJsonCommand: parse } = await import('../terminal/commands/json-command.ts');
  return { render, parse };
}

// Each console is loaded where it is used: a script starts without an editor, and needs none.

async function canEdit(): Promise<boolean> {
  const { isEditable } = await import('../terminal/console/terminal-kind.ts');
  return isEditable(process.env);
}

async function hasManyColors(): Promise<boolean> {
  const terminal = await import('../terminal/console/terminal-kind.ts');
  return terminal.hasManyColors(process.env);
}

async function openEditor({ input, output }: ChatOptions): Promise<ChatConsole> {
  const { LineEditor } = await import('../terminal/console/line-editor.ts');
  return new LineEditor(input, output);
}

async function openReader(streams: ChatOptions, typed: boolean): Promise<ChatConsole> {
  const { LineReader } = await import('../terminal/console/line-reader.ts');
  const { input, output, errorOutput } = streams;
  return new LineReader({ input, output, errorOutput, typed });
}

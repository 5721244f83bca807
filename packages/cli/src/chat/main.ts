// `tandem chat`. Only the transport that is spoken is loaded.
import { refuse } from '../refuse.ts';
import { MessageHistory } from '../terminal/display/message-history.ts';
import type { ChatCommandOptions } from './chat-command.ts';
import { asksForTls, loadConnect, secretOf } from './connect.ts';
import { runChat } from './run-chat.ts';

/** Chats until the user, the input or the server ends it; then ends the process. */
export async function chat(options: ChatCommandOptions): Promise<void> {
  const { history, bell, time, status, color } = options;
  const exitCode = await runChat({
    connect: await loadConnect(options),
    transport: options.transport,
    secret: await secretOf(options),
    json: options.json,
    tls: asksForTls(options),
    plain: options.plain,
    history: openHistory(history),
    settings: { bell, time, status, color },
    reconnect: options.reconnect,
    input: process.stdin,
    output: process.stdout,
    errorOutput: process.stderr,
  });
  process.exit(exitCode);
}

/** Reads the history that a file has; ends the process, and says why, where a file can keep none. */
function openHistory(file: string | undefined): MessageHistory {
  try {
    return new MessageHistory(file);
  } catch (error) {
    return refuse(`The history cannot be kept in ${file}: ${(error as Error).message}`);
  }
}

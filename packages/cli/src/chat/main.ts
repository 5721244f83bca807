// `tandem chat`. Only the transport that is spoken is loaded.
import { closeSync, openSync } from 'node:fs';
import { refuse } from '../refuse.ts';
import type { ChatCommandOptions } from './chat-command.ts';
import { asksForTls, loadConnect, secretOf } from './connect.ts';
import { runChat } from './run-chat.ts';

/** Chats until the user, the input or the server ends it; then ends the process. */
export async function chat(options: ChatCommandOptions): Promise<void> {
  const { history, bell, time, status, color } = options;
  if (history !== undefined) checkHistory(history);
  const exitCode = await runChat({
    connect: await loadConnect(options),
    transport: options.transport,
    secret: secretOf(options),
    json: options.json,
    tls: asksForTls(options),
    plain: options.plain,
    historyFile: history,
    settings: { bell, time, status, color },
    reconnect: options.reconnect,
    input: process.stdin,
    output: process.stdout,
    errorOutput: process.stderr,
  });
  process.exit(exitCode);
}

/** Ends the process, and says why, where a file can keep no history. */
function checkHistory(file: string): void {
  try {
    closeSync(openSync(file, 'a+', 0o600));
  } catch (error) {
    refuse(`The history cannot be kept in ${file}: ${(error as Error).message}`);
  }
}

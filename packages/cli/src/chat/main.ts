// `tandem chat`. Only the transport that is spoken is loaded.
import type { ChatCommandOptions } from './chat-command.ts';
import { loadConnect, secretOf } from './connect.ts';
import { runChat } from './run-chat.ts';

/** Chats until the user, the input or the server ends it; then ends the process. */
export async function chat(options: ChatCommandOptions): Promise<void> {
  const exitCode = await runChat({
    connect: await loadConnect(options),
    transport: options.transport,
    secret: secretOf(options),
    json: options.json,
    reconnect: options.reconnect,
    input: process.stdin,
    output: process.stdout,
    errorOutput: process.stderr,
  });
  process.exit(exitCode);
}

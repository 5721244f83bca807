// `tandem chat`. Only the transport that is spoken is loaded.
import { readFileSync, statSync } from 'node:fs';
import type { ExchangeClient } from '@tandem/core';
import { refuse } from '../refuse.ts';
import type { ChatCommandOptions } from './chat-command.ts';
import { runChat } from './run-chat.ts';

/** Chats until the user, the input or the server ends it; then ends the process. */
export async function chat(options: ChatCommandOptions): Promise<void> {
  const exitCode = await runChat({
    connect: await loadConnect(options),
    transport: options.transport,
    secret: options.secretFile === undefined ? undefined : readSecret(options.secretFile),
    input: process.stdin,
    output: process.stdout,
    errorOutput: process.stderr,
  });
  process.exit(exitCode);
}

/** Reads the first line of a file; says why and ends the process when there is none. */
function readSecret(path: string): string {
  let text: string;
  try {
    if (statSync(path).size > secretFileBytesMax)
      return refuse(`${path} is no file with a secret: it is too large.`);
    text = readFileSync(path, 'utf8');
  } catch (error) {
    return refuse(`The secret in ${path} cannot be read: ${(error as Error).message}`);
  }
  const [secret = ''] = text.split(/\r?\n/);
  if (secret === '') return refuse(`The first line of ${path} is empty; it has to be the secret.`);
  return secret;
}

const secretFileBytesMax = 4_096;

async function loadConnect(options: ChatCommandOptions): Promise<() => Promise<ExchangeClient>> {
  const { transport, mode, host, port } = options;
  if (transport === 'socket') {
    const { connectSocketClient } = await import('@tandem/socket-client');
    return () => connectSocketClient({ host, port, waitForVersion: true });
  }
  const { connectGrpcClient } = await import('@tandem/grpc-client');
  return () => connectGrpcClient({ host, port, mode });
}

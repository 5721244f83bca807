// `tandem chat`. Only the transport that is spoken is loaded.
import type { ExchangeClient } from '@tandem/core';
import type { ClientTls } from '@tandem/tls/client';
import { refuse } from '../refuse.ts';
import { readSecret } from '../secret-file.ts';
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

async function loadConnect(options: ChatCommandOptions): Promise<() => Promise<ExchangeClient>> {
  const { transport, mode, host, port } = options;
  const tls = await readTls(options);
  if (transport === 'socket') {
    const { connectSocketClient } = await import('@tandem/socket-client');
    return () => connectSocketClient({ host, port, tls, waitForVersion: true });
  }
  const { connectGrpcClient } = await import('@tandem/grpc-client');
  return () => connectGrpcClient({ host, port, tls, mode });
}

/** Reads the files of TLS; says why and ends the process when one cannot be used. */
async function readTls(options: ChatCommandOptions): Promise<ClientTls | undefined> {
  const { tls, tlsCa, tlsFingerprint, tlsCert, tlsKey } = options;
  if (!tls && [tlsCa, tlsFingerprint, tlsCert, tlsKey].every((each) => each === undefined)) {
    return undefined;
  }
  // Loaded for TLS alone.
  const { readClientTls, TlsFileError } = await import('@tandem/tls/client');
  return readClientTls(options).catch((error: unknown) => {
    if (!(error instanceof TlsFileError)) throw error;
    return refuse(`TLS cannot be used: ${error.message}.`);
  });
}

import type { ExchangeClient } from '@tandem/core';
import type { ClientTls } from '@tandem/tls/client';
import { refuse } from '../refuse.ts';
import type { ConnectionOptions } from './connection-option.ts';

/** Returns the secret in `--secret-file`; says why and ends the process when it cannot be read. */
export async function secretOf({ secretFile }: ConnectionOptions): Promise<string | undefined> {
  if (secretFile === undefined) return undefined;
  const { readSecret } = await import('../secret-file.ts');
  return readSecret(secretFile);
}

/** Loads the transport that is spoken, and no other; returns what connects over it. */
export async function loadConnect(
  options: ConnectionOptions,
): Promise<() => Promise<ExchangeClient>> {
  return load[options.transport](options, await readTls(options));
}

const load: Record<
  ConnectionOptions['transport'],
  (options: ConnectionOptions, tls: ClientTls | undefined) => Promise<() => Promise<ExchangeClient>>
> = {
  async socket({ host, port }, tls) {
    const { connectSocketClient } = await import('@tandem/socket-client');
    return () => connectSocketClient({ host, port, tls, waitForVersion: true });
  },
  async grpc({ host, port, mode }, tls) {
    const { connectGrpcClient } = await import('@tandem/grpc-client');
    return () => connectGrpcClient({ host, port, tls, mode });
  },
};

/** Tells if the options ask for TLS. */
export function asksForTls(options: ConnectionOptions): boolean {
  const { tls, tlsCa, tlsFingerprint, tlsCert, tlsKey } = options;
  return [tls || undefined, tlsCa, tlsFingerprint, tlsCert, tlsKey].some(
    (each) => each !== undefined,
  );
}

/** Reads the files of TLS; says why and ends the process when one cannot be used. */
async function readTls(options: ConnectionOptions): Promise<ClientTls | undefined> {
  if (!asksForTls(options)) return undefined;
  // Loaded for TLS alone.
  const { readClientTls, TlsFileError } = await import('@tandem/tls/client');
  return readClientTls(options).catch((error: unknown) => {
    if (!(error instanceof TlsFileError)) throw error;
    return refuse(`TLS cannot be used: ${error.message}.`);
  });
}

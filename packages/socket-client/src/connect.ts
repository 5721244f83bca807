import { isIP } from 'node:net';
import { type ConnectOptions, dial, ExchangeClient } from '@tandem/core';
import type { ClientTls } from '@tandem/tls/client';
import { FramedExchange } from './exchange.ts';

/** The options of a socket client. */
export interface SocketClientOptions extends ConnectOptions {
  /** Resolves only when the server has sent its version, one round trip later. False by default. */
  readonly waitForVersion?: boolean;
  /** Speaks TLS; without, it does not. [P-10.1] */
  readonly tls?: ClientTls | undefined;
}

/**
 * Connects to a Tandem server over TCP, in the framed dialect. [P-6]
 *
 * Resolves when TCP, and TLS where it is asked for, is up: requests may then be made at once, and travel together with the version
 * byte. The server's own version is checked when it arrives; if it is another, or is late, the
 * client breaks and every request rejects. With `waitForVersion` it resolves after that check.
 *
 * @throws ChatError `connect-failed`, `connect-timeout`, `tls-failed`, `version-mismatch`, or `closed`
 * when `signal` was aborted
 */
export async function connectSocketClient(options: SocketClientOptions): Promise<ExchangeClient> {
  const { waitForVersion } = options;
  // Loaded for TLS alone.
  const secure = options.tls && (await import('./secure.ts')).secureWith(options.tls);
  return dial({
    ...options,
    transport: 'socket',
    lookUp: options.lookUp ?? addressesOf,
    open: (attempt) =>
      new ExchangeClient(
        attempt.place,
        (listener) => new FramedExchange({ ...attempt, waitForVersion, secure }, listener),
      ),
  });
}

async function addressesOf(host: string): Promise<string[]> {
  if (isIP(host) !== 0) return [host];
  // Loaded for names alone: most clients of this machine have an address.
  const { lookup } = await import('node:dns/promises');
  const found = await lookup(host, { all: true });
  return found.map(({ address }) => address);
}

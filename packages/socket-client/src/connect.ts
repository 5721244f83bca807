import { type ChatClient, ExchangeClient } from '@tandem/core';
import { FramedExchange } from './exchange.ts';
import { Failures } from './failures.ts';
import type { SocketClientOptions } from './options.ts';

/**
 * Connects to a Tandem server over TCP, in the framed dialect. [P-6]
 *
 * Resolves when TCP is up: requests may then be made at once, and travel together with the version
 * byte. The server's own version is checked when it arrives; if it is another, or is late, the
 * client breaks and every request rejects.
 *
 * @throws ChatError `connect-failed`, `connect-timeout`, or `closed` when `signal` was aborted
 */
export async function connectSocketClient(options: SocketClientOptions): Promise<ChatClient> {
  const client = connecting(options);
  await client.connected;
  return client;
}

// Options that no socket can have, a port beyond 65,535 say, fail at once.
function connecting(options: SocketClientOptions): ExchangeClient {
  try {
    return new ExchangeClient((listener) => new FramedExchange(options, listener));
  } catch (cause) {
    throw new Failures(options.host, options.port).connectFailed(cause);
  }
}

import { type ChatClient, ExchangeClient } from '@tandem/core';
import { ConverseExchange } from './converse-exchange.ts';
import { Failures } from './failures.ts';
import type { GrpcClientOptions } from './options.ts';
import { UnaryExchange } from './unary-exchange.ts';

/**
 * Connects to a Tandem server over gRPC. Each client has a connection of its own.
 *
 * Resolves when HTTP/2 is up. What the server is shows at the first call: if it does not know the
 * contract, the client breaks and every request rejects.
 *
 * @throws ChatError `connect-failed`, `connect-timeout`, `version-mismatch` when what listens does
 * not speak HTTP/2, or `closed` when `signal` was aborted
 */
export async function connectGrpcClient(options: GrpcClientOptions): Promise<ChatClient> {
  const client = connecting(options);
  await client.connected;
  return client;
}

// Options that no channel can have, a host with spaces say, fail at once.
function connecting(options: GrpcClientOptions): ExchangeClient {
  const ModeExchange = options.mode === 'unary' ? UnaryExchange : ConverseExchange;
  try {
    return new ExchangeClient((listener) => new ModeExchange(options, listener));
  } catch (cause) {
    throw new Failures(options.host, options.port).connectFailed(cause);
  }
}

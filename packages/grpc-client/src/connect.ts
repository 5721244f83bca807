import { isIP } from 'node:net';
import { type ConnectOptions, dial, ExchangeClient } from '@tandem/core';
import type { ClientTls } from '@tandem/tls/client';
import { ConverseExchange } from './converse/exchange.ts';
import { UnaryExchange } from './unary/exchange.ts';

/**
 * The ways to use the contract:
 *
 * - `converse`: the whole session on one stream, on which requests need not wait for earlier responses
 * - `unary`: a call for each request, and one stream for the messages that come
 */
export type GrpcClientMode = 'converse' | 'unary';

/** The options of a gRPC client. */
export interface GrpcClientOptions extends ConnectOptions {
  /** By default `converse`, which is several times faster. */
  readonly mode?: GrpcClientMode;
  /** Over Converse, false to neither send nor take several frames in a message; true by default. */
  readonly batches?: boolean;
  /** Speaks TLS; without, it does not. [P-10.1] */
  readonly tls?: ClientTls | undefined;
}

/**
 * Connects to a Tandem server over gRPC. Each client has a connection of its own.
 *
 * Resolves when HTTP/2 is up. If the server does not know the contract, the first call shows it: the
 * client breaks and every request rejects.
 *
 * @throws ChatError `connect-failed`, `connect-timeout`, `tls-failed`, `version-mismatch` when what listens does
 * not speak HTTP/2, or `closed` when `signal` was aborted
 */
export function connectGrpcClient(options: GrpcClientOptions): Promise<ExchangeClient> {
  const ModeExchange = options.mode === 'unary' ? UnaryExchange : ConverseExchange;
  return dial({
    ...options,
    transport: 'gRPC',
    lookUp: options.lookUp ?? addressesOf,
    open: (attempt) =>
      new ExchangeClient(
        attempt.place,
        (listener) =>
          new ModeExchange({ ...attempt, tls: options.tls, batches: options.batches }, listener),
      ),
  });
}

async function addressesOf(host: string): Promise<string[]> {
  if (isIP(host) !== 0) return [host];
  // Loaded only for names: most clients on the same machine use an address.
  const { lookup } = await import('node:dns/promises');
  const found = await lookup(host, { all: true });
  return found.map(({ address }) => address);
}

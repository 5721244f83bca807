import { ChatError, type ExchangeClient, type TransportName } from '@tandem/core';
import { connectGrpcClient } from '@tandem/grpc-client';
import { connectSocketClient } from '@tandem/socket-client';
import type { ClientTls } from '@tandem/tls/client';
import type { LoadAddress } from '../command.ts';

/** A server, and the options to connect to it. */
export interface LoadTarget extends LoadAddress {
  readonly transport: TransportName;
  /** The mode of gRPC. */
  readonly mode: 'converse' | 'unary';
  /** The options of TLS; undefined without TLS. */
  readonly tls: ClientTls | undefined;
}

/** Connects as a client of the transport does. Rejects with a ChatError. */
export function connectTo(target: LoadTarget, signal?: AbortSignal): Promise<ExchangeClient> {
  const { host, port, transport, mode, tls } = target;
  switch (transport) {
    case 'socket':
      return connectSocketClient({ host, port, tls, signal, waitForVersion: true });
    case 'grpc':
      return connectGrpcClient({ host, port, mode, tls, signal });
  }
}

/**
 * Detects the transport of a server: a socket client notices another protocol at once, and
 * then the function tries gRPC.
 *
 * @throws ChatError when nothing answers there, or the server speaks neither
 */
export async function findTransport(
  address: LoadAddress & Pick<LoadTarget, 'tls'>,
  signal: AbortSignal,
): Promise<TransportName> {
  const speaks = async (transport: TransportName) => {
    const client = await connectTo({ ...address, transport, mode: 'converse' }, signal);
    await client.close();
    return transport;
  };
  return speaks('socket').catch((error: unknown) => {
    // Over TLS a gRPC server refuses the other protocol before any byte of it. [P-10.1]
    const other = ['version-mismatch', ...(address.tls === undefined ? [] : ['tls-failed'])];
    if (!(error instanceof ChatError && other.includes(error.code))) throw error;
    // The socket client's error explains more than gRPC's.
    return speaks('grpc').catch(() => Promise.reject(error));
  });
}

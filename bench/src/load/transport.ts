import { ChatError, type ExchangeClient } from '@tandem/core';
import { connectGrpcClient } from '@tandem/grpc-client';
import { connectSocketClient } from '@tandem/socket-client';
import type { ClientTls } from '@tandem/tls/client';
import type { LoadAddress } from './command.ts';

/** A server and how to speak to it. */
export interface LoadTarget extends LoadAddress {
  readonly transport: 'socket' | 'grpc';
  /** Of gRPC. */
  readonly mode: 'converse' | 'unary';
  /** Undefined without. */
  readonly tls: ClientTls | undefined;
}

/** Connects as a client of the transport does. Rejects with a ChatError. */
export function connectTo(target: LoadTarget, signal?: AbortSignal): Promise<ExchangeClient> {
  const { host, port, transport, mode, tls } = target;
  return transport === 'grpc'
    ? connectGrpcClient({ host, port, mode, tls, signal })
    : connectSocketClient({ host, port, tls, signal, waitForVersion: true });
}

/**
 * Finds out what a server speaks: a socket client sees at once that another protocol is spoken, and
 * then gRPC is tried.
 *
 * @throws ChatError when nobody answers there, or whoever does speaks neither
 */
export async function findTransport(
  address: LoadAddress & Pick<LoadTarget, 'tls'>,
  signal: AbortSignal,
): Promise<'socket' | 'grpc'> {
  const speaks = async (transport: 'socket' | 'grpc') => {
    const client = await connectTo({ ...address, transport, mode: 'converse' }, signal);
    await client.close();
    return transport;
  };
  return speaks('socket').catch((error: unknown) => {
    // Over TLS a gRPC server refuses the other protocol before anything is said. [P-10.1]
    const other = ['version-mismatch', ...(address.tls === undefined ? [] : ['tls-failed'])];
    if (!(error instanceof ChatError && other.includes(error.code))) throw error;
    // What a socket client saw says more than what gRPC could not do with it.
    return speaks('grpc').catch(() => Promise.reject(error));
  });
}

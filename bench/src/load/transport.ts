import { ChatError, type ExchangeClient } from '@tandem/core';
import { connectGrpcClient } from '@tandem/grpc-client';
import { connectSocketClient } from '@tandem/socket-client';
import type { LoadAddress } from './command.ts';

/** A server and how to speak to it. */
export interface LoadTarget extends LoadAddress {
  readonly transport: 'socket' | 'grpc';
  /** Of gRPC. */
  readonly mode: 'converse' | 'unary';
}

/** Connects as a client of the transport does. Rejects with a ChatError. */
export function connectTo(target: LoadTarget, signal?: AbortSignal): Promise<ExchangeClient> {
  const { host, port, transport, mode } = target;
  return transport === 'grpc'
    ? connectGrpcClient({ host, port, mode, signal })
    : connectSocketClient({ host, port, signal, waitForVersion: true });
}

/**
 * Finds out what a server speaks: a socket client sees at once that another protocol is spoken, and
 * then gRPC is tried.
 *
 * @throws ChatError when nobody answers there, or whoever does speaks neither
 */
export async function findTransport(
  address: LoadAddress,
  signal: AbortSignal,
): Promise<'socket' | 'grpc'> {
  const speaks = async (transport: 'socket' | 'grpc') => {
    const client = await connectTo({ ...address, transport, mode: 'converse' }, signal);
    await client.close();
    return transport;
  };
  return speaks('socket').catch((error: unknown) => {
    if (!(error instanceof ChatError && error.code === 'version-mismatch')) throw error;
    // What a socket client saw says more than what gRPC could not do with it.
    return speaks('grpc').catch(() => Promise.reject(error));
  });
}

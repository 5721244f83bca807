import { windowBytesMax, windowMessagesMax } from '@tandem/core';
import {
  connectGrpcClient,
  flowControlWindowBytes,
  type GrpcClientOptions,
} from '@tandem/grpc-client';
import { defaultGrpcServerLimits, startGrpcServer } from '@tandem/grpc-server';
import { connectChatLane } from '../chat/chat-operations.ts';
import { chatSettings, startChatServer } from '../chat/chat-server.ts';
import { headerCompression } from '../http/header-compression.ts';
import type { LaneClient, LaneServer, LaneSettings, ServerBegin, Target } from '../lane.ts';
import { laneServerTls } from '../tls.ts';

// What the two modes of our gRPC client share: the server, how to connect, and most settings.

/**
 * Connects a client that has a channel, and so a connection, of its own.
 *
 * @param options the mode; Converse has no batches unless they are asked for
 */
export function connectGrpcLane(
  target: Target,
  options: Pick<GrpcClientOptions, 'mode' | 'batches' | 'tls'>,
): Promise<LaneClient> {
  return connectChatLane(() => connectGrpcClient({ batches: false, ...target, ...options }));
}

/** A chat service behind our gRPC server. */
export const startGrpcLane = (begin?: ServerBegin) => startChatServer(startGrpcServer, begin);

/** The same behind TLS. */
export async function startGrpcTlsLane(begin?: ServerBegin): Promise<LaneServer> {
  const tls = await laneServerTls();
  return startChatServer((options) => startGrpcServer({ ...options, tls }), begin);
}

const limits = defaultGrpcServerLimits;

/** The settings of both modes. */
export const grpcSettings = {
  ...chatSettings,
  noDelay: 'TCP_NODELAY on both sides (HTTP/2 sessions of Node.js set it)',
  keepalive: `HTTP/2 PING after ${limits.keepAliveMs / 1000} s, answered within ${limits.keepAliveTimeoutMs / 1000} s, from both sides, the client without calls too; TCP keepalive on the server only, at the delay of the kernel`,
  compression: headerCompression,
  serialization:
    'proto-loader (protobufjs): longs as numbers, defaults filled in, oneofs named, names in camel case',
  windows: `HTTP/2, for each stream and for the connection: ${flowControlWindowBytes / 1024} KiB to the client, 65,535 bytes to the server; ${windowMessagesMax} messages or ${windowBytesMax / 1024} KiB pushed and not acknowledged; messages up to ${limits.requestBytesMax / 1024} KiB to the server, 4 MiB to the client`,
} as const satisfies Partial<LaneSettings>;

/** The options that our server and client give grpc-js besides. */
export const grpcOptions = `server: channelz off, ${limits.streamsPerConnectionMax} concurrent streams, calls of all clients begun in turns, interceptors that account for calls and see when a Login was answered, ${limits.connectionsMax} connections, all limits as \`tandem serve\` has them; client: retries, channelz, HTTP proxy and service config off, a subchannel pool of its own, no idle timeout`;

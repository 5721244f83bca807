import { ExchangeClient } from '@tandem/core';
import { loadMessageService } from '@tandem/protos';
import { connectChatLane } from '../chat/chat-operations.ts';
import { grpcOptions, grpcSettings, startGrpcLane } from '../grpc/grpc-chat.ts';
import { connectStub } from '../grpc/grpc-echo.ts';
import type { Lane, LaneSettings, Target } from '../lane.ts';
import { type MessageStub, StubExchange } from './stub-exchange.ts';

const settings: LaneSettings = {
  ...grpcSettings,
  keepalive: `server: ${grpcSettings.keepalive}; client: none, as by default`,
  windows: 'HTTP/2: 65,535 bytes for each stream and for the connection, each way',
  writes: 'as Node.js sends HTTP/2 frames; those that are ready together leave together',
  deadlines: 'no deadline for a call; retries on, as by default',
  identity: 'the connection; nothing travels to prove it, and there are no acknowledgements',
  otherOptions: `${grpcOptions.split('; client:')[0]}; client: a generated stub with the default options of grpc-js, but for a subchannel pool of its own`,
};

/** gRPC as the program of 2023 used it: a stub as it is generated, known by its connection. */
export const lane: Lane = {
  name: 'grpc-seed',
  title: 'gRPC, stub of 2023',
  description:
    'A ChatClient over a generated stub of grpc-js, with the calls of the 2023 program: no token, no acknowledgements, a Subscribe stream for each session.',
  kind: 'grpc',
  wire: 'grpc-unary',
  baselines: ['grpc-unary', 'grpc-echo'],
  hasChat: true,
  settings,
  startServer: startGrpcLane,
  connect: (target) => connectChatLane(() => connectStubClient(target)),
};

async function connectStubClient(target: Target): Promise<ExchangeClient> {
  const stub = (await connectStub(loadMessageService(), target)) as unknown as MessageStub;
  const place = { ...target, address: target.host };
  return new ExchangeClient(place, (listener) => new StubExchange(stub, target, listener));
}

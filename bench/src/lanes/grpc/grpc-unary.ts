import type { Lane, LaneSettings } from '../lane.ts';
import { connectGrpcLane, grpcOptions, grpcSettings, startGrpcLane } from './grpc-chat.ts';

const settings: LaneSettings = {
  ...grpcSettings,
  writes:
    'as Node.js sends HTTP/2 frames; those that are ready together leave together. Acknowledgements are calls, one at a time',
  deadlines:
    'no deadline for a call; a server that sends nothing for 60 s while a request is pending ends the connection; retries off',
  identity:
    'a session token, in the metadata of calls that need a session: a send, not a search; HPACK keeps `authorization` out of its table, so it travels whole each time',
  otherOptions: `${grpcOptions}; calls are made on the channel, without the interceptors and events of a stub`,
};

/** gRPC with a call for each request, and a stream for the messages that come. */
export const lane: Lane = {
  name: 'grpc-unary',
  title: 'gRPC, unary',
  description:
    'A ChatClient over gRPC: each request is a unary call, incoming messages come on a Subscribe stream.',
  kind: 'grpc',
  wire: 'grpc-unary',
  baselines: ['grpc-echo', 'sockets-framed', 'grpc-echo-tuned'],
  hasChat: true,
  settings,
  startServer: startGrpcLane,
  connect: (target) => connectGrpcLane(target, { mode: 'unary' }),
};

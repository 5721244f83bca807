import type { Lane, LaneSettings } from '../lane.ts';
import { connectGrpcLane, grpcOptions, grpcSettings, startGrpcLane } from './grpc-chat.ts';

const settings: LaneSettings = {
  ...grpcSettings,
  writes:
    'a gRPC message for each request and response; as Node.js sends HTTP/2 frames, those that are ready together leave together',
  deadlines:
    'none on the stream; a server that sends nothing for 60 s while a request is pending ends the connection; retries off',
  identity: 'the stream; nothing travels to prove it',
  otherOptions: grpcOptions,
};

/** gRPC with the whole session on one bidirectional stream, which is open once it is connected. */
export const lane: Lane = {
  name: 'grpc-converse',
  title: 'gRPC, one stream (Converse)',
  description:
    'A ChatClient over gRPC: requests, responses and incoming messages are frames on one bidirectional stream.',
  kind: 'grpc',
  wire: 'grpc-converse',
  baselines: [
    ...['grpc-unary', 'sockets-framed', 'grpc-stream-echo', 'grpc-stream-echo-tuned'],
    'grpc-stream-relay',
  ],
  hasChat: true,
  settings,
  startServer: startGrpcLane,
  connect: (target) => connectGrpcLane(target, { mode: 'converse' }),
};

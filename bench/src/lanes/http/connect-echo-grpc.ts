import { createGrpcTransport } from '@connectrpc/connect-node';
import type { Lane } from '../lane.ts';
import { connectEcho, lane as connectEchoLane } from './connect-echo.ts';

/** gRPC without grpc-js: tells the protocol from the library. */
export const lane: Lane = {
  ...connectEchoLane,
  name: 'connect-echo-grpc',
  title: 'Connect echo, gRPC protocol',
  description:
    'As connect-echo, in the gRPC protocol: what grpc-js sends and receives, by another library.',
  wire: 'grpc-unary',
  baselines: ['grpc-echo', 'connect-echo'],
  connect: (target) => connectEcho(target, createGrpcTransport),
};

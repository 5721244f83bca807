import type { Lane } from '../lane.ts';
import { connectGrpcLane } from './grpc-chat.ts';
import { lane as converse } from './grpc-converse.ts';

/** The lane grpc-converse with batches, as our client has them by default. */
export const lane: Lane = {
  ...converse,
  name: 'grpc-converse-batched',
  title: 'gRPC, one stream, batches',
  description:
    'As grpc-converse, with several frames in a message: what a turn of either side makes is one.',
  baselines: ['grpc-converse', 'sockets-framed', 'grpc-stream-echo-tuned'],
  settings: {
    ...converse.settings,
    writes:
      'a gRPC message for all requests, and for all responses, of a turn, up to 64 of them; a request that comes while the message before is on its way to HTTP/2 waits for that',
  },
  connect: (target) => connectGrpcLane(target, { mode: 'converse', batches: true }),
};

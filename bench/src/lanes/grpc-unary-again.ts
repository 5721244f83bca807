import { lane as original } from './grpc-unary.ts';
import type { Lane } from './lane.ts';

/** The same lane under another name: a difference between the two is noise of the rig. */
export const lane: Lane = {
  ...original,
  name: 'grpc-unary-again',
  title: 'gRPC, unary (again)',
  description: 'The lane grpc-unary once more, to see how much two equal lanes differ.',
  kind: 'control',
  baselines: ['grpc-unary'],
};

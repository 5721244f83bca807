import { describeChatClient } from '../src/index.ts';
import { overBatches, overGrpc, taking } from './harnesses.ts';

describeChatClient('over Converse', taking(overGrpc('converse')));
describeChatClient('over Converse, each request in a batch', taking(overBatches()));
describeChatClient(
  'over Converse, without batches',
  taking(overGrpc('converse', { batches: false })),
);
describeChatClient('over unary gRPC', {
  ...taking(overGrpc('unary')),
  keepsOrderOfOverlappingCalls: false,
});

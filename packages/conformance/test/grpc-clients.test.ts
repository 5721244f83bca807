import { describeChatClient } from '../src/index.ts';
import { overGrpc, taking } from './harnesses.ts';

describeChatClient('over Converse', taking(overGrpc('converse')));
describeChatClient('over unary gRPC', {
  ...taking(overGrpc('unary')),
  keepsOrderOfOverlappingCalls: false,
});

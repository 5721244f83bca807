import { describeChatClient } from '../src/index.ts';
import { overGrpcTls, taking } from './harnesses.ts';

describeChatClient('over unary calls and TLS', {
  ...taking(overGrpcTls('unary')),
  keepsOrderOfOverlappingCalls: false,
});

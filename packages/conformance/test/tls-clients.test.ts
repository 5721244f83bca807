import { describeChatClient } from '../src/index.ts';
import { overGrpcTls, overSocketsTls, taking } from './harnesses.ts';

describeChatClient('over sockets and TLS', taking(overSocketsTls));
describeChatClient('over Converse and TLS', taking(overGrpcTls('converse')));
describeChatClient('over unary calls and TLS', taking(overGrpcTls('unary')));

import { describeChatClient } from '../src/index.ts';
import { overGrpcTls, overSocketsTls, taking } from './harnesses.ts';

// Unary calls over TLS are in tls-clients.long.test.ts.
describeChatClient('over sockets and TLS', taking(overSocketsTls));
describeChatClient('over Converse and TLS', taking(overGrpcTls('converse')));

import { describeChatClient } from '../src/index.ts';
import { overGrpc, overSockets, taking } from './harnesses.ts';

const transports = {
  sockets: overSockets,
  Converse: overGrpc('converse'),
  'unary gRPC': overGrpc('unary'),
};

// The first client of a test is mostly the sender, the second the recipient, or the one that the
// message waits for; so each pair is taken both ways.
for (const [first, openFirst] of Object.entries(transports)) {
  for (const [second, openSecond] of Object.entries(transports)) {
    if (first === second) continue;
    describeChatClient(`over ${first} and ${second}`, {
      ...taking(openFirst, openSecond),
      keepsOrderOfOverlappingCalls: first !== 'unary gRPC' && second !== 'unary gRPC',
    });
  }
}

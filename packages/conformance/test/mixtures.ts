import { describeChatClient } from '../src/index.ts';
import { overGrpc, overSockets, taking } from './harnesses.ts';

const transports = {
  sockets: overSockets,
  Converse: overGrpc('converse'),
  'unary gRPC': overGrpc('unary'),
};

type TransportName = keyof typeof transports;

/** The names of the transports that can be mixed. */
export const transportNames = Object.keys(transports) as TransportName[];

/** Tests clients of two transports side by side, of which the first client takes the first. */
export function describeMixture(first: TransportName, second: TransportName): void {
  describeChatClient(`over ${first} and ${second}`, {
    ...taking(transports[first], transports[second]),
    keepsOrderOfOverlappingCalls: first !== 'unary gRPC' && second !== 'unary gRPC',
  });
}

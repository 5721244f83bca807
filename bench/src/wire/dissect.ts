import type { Lane } from '../lanes/lane.ts';
import type { ConnectionAccounts, ConnectionDissector } from './dissector.ts';
import { contractBodies, echoedBodies } from './grpc/contract.ts';
import { type BodyDissectors, dissectHttp2, opaqueBodies } from './http2/connection.ts';
import { dissectEcho } from './sockets/echo.ts';
import { dissectFramed } from './sockets/framed.ts';
import { dissectSeed } from './sockets/seed.ts';
import type { Tally } from './tally.ts';

/** The dissector of one connection of a lane; what it finds goes to the tally of the moment. */
export function dissectLane(
  { wire, hasChat }: Pick<Lane, 'wire' | 'hasChat'>,
  tally: () => Tally,
): ConnectionDissector {
  const accounts: ConnectionAccounts = {
    sent: (layer, bytes) => tally().accounts.sent(layer, bytes),
    received: (layer, bytes) => tally().accounts.received(layer, bytes),
  };
  const http2 = (bodies: BodyDissectors) =>
    dissectHttp2(accounts, bodies, (direction, field) => tally().addHeader(direction, field));
  switch (wire) {
    case 'echo':
      return dissectEcho(accounts);
    case 'seed':
      return dissectSeed(accounts);
    case 'framed':
      return dissectFramed(accounts);
    case 'http2':
      return http2(opaqueBodies);
    case 'grpc-unary':
    case 'grpc-converse':
      return http2(hasChat ? contractBodies : echoedBodies);
    case 'none':
      throw new Error('nothing crosses a wire on this lane');
  }
}

import type { Lane } from '../lanes/lane.ts';
import type { ConnectionAccounts, ConnectionDissector } from './dissector.ts';
import { bareEchoedBodies, contractBodies, echoedBodies } from './grpc/contract.ts';
import { dissectHttp1 } from './http1/connection.ts';
import { dissectHttp2, type OnHeader, opaqueBodies } from './http2/connection.ts';
import { dissectEcho } from './sockets/echo.ts';
import { dissectFramed } from './sockets/framed.ts';
import { dissectFramedProtobuf } from './sockets/framed-protobuf.ts';
import { dissectSeed } from './sockets/seed.ts';
import type { Tally } from './tally.ts';
import { dissectTls } from './tls/connection.ts';
import type { KeyLog } from './tls/key-log.ts';
import { dissectWebSocket } from './websocket/connection.ts';

type DissectedLane = Pick<Lane, 'wire' | 'hasChat'>;

/**
 * The dissector of one connection of a lane.
 *
 * @param tally where what is found goes at the moment
 * @param keyLog given when the lane goes over TLS
 */
export function dissectConnection(
  lane: DissectedLane,
  tally: () => Tally,
  keyLog?: KeyLog,
): ConnectionDissector {
  const accounts: ConnectionAccounts = {
    sent: (layer, bytes) => tally().accounts.sent(layer, bytes),
    received: (layer, bytes) => tally().accounts.received(layer, bytes),
  };
  const plain = dissectPlain(lane, accounts, (way, field) => tally().addHeader(way, field));
  return keyLog === undefined ? plain : dissectTls(accounts, plain, keyLog);
}

function dissectPlain(
  { wire, hasChat }: DissectedLane,
  accounts: ConnectionAccounts,
  onHeader: OnHeader,
): ConnectionDissector {
  switch (wire) {
    case 'echo':
      return dissectEcho(accounts);
    case 'seed':
      return dissectSeed(accounts);
    case 'framed':
      return dissectFramed(accounts);
    case 'framed-protobuf':
      return dissectFramedProtobuf(accounts);
    case 'websocket':
      return dissectWebSocket(accounts);
    case 'http1':
      return dissectHttp1(accounts);
    case 'http2':
      return dissectHttp2(accounts, opaqueBodies, onHeader);
    case 'grpc-unary':
    case 'grpc-converse':
      return dissectHttp2(accounts, hasChat ? contractBodies : echoedBodies, onHeader);
    case 'connect-unary':
      return dissectHttp2(accounts, bareEchoedBodies, onHeader);
    case 'none':
      throw new Error('nothing crosses a wire on this lane');
  }
}

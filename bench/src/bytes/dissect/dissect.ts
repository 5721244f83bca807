import type { Lane } from '../../lanes/lane.ts';
import type { Layer } from '../layers.ts';
import type { Annotators } from './annotator.ts';
import type { ConnectionDissector } from './dissector.ts';
import { bareEchoedBodies, contractBodies, echoedBodies } from './grpc/contract.ts';
import { dissectHttp1 } from './http1/connection.ts';
import { dissectHttp2, type OnHeader, opaqueBodies } from './http2/connection.ts';
import { dissectLeniently, type LenientConnection } from './lenient.ts';
import { dissectEcho } from './sockets/echo.ts';
import { dissectFramed } from './sockets/framed.ts';
import { dissectFramedProtobuf } from './sockets/framed-protobuf.ts';
import { dissectSeed } from './sockets/seed.ts';
import { Tally } from './tally.ts';
import { dissectTls } from './tls/connection.ts';
import type { KeyLog } from './tls/key-log.ts';
import { dissectWebSocket } from './websocket/connection.ts';

type DissectedLane = Pick<Lane, 'wire' | 'hasChat'>;

/**
 * The dissector of one connection of a lane.
 *
 * @param tally gets the annotations of the current step
 * @param keyLog the secrets of its connections, when the lane uses TLS
 */
export function dissectConnection(
  lane: DissectedLane,
  tally: () => Tally,
  keyLog?: KeyLog,
): ConnectionDissector {
  return dissectWith(lane, Tally.annotators(tally), tally, keyLog);
}

/** The same for bytes that may be anything: each is annotated, understood or not. */
export function dissectAnything(
  lane: DissectedLane,
  tally: () => Tally,
  keyLog?: KeyLog,
): LenientConnection {
  return dissectLeniently(
    (annotators) => dissectWith(lane, annotators, tally, keyLog),
    Tally.sinks(tally),
    keyLog === undefined ? outermost[lane.wire] : 'tlsRecords',
  );
}

function dissectWith(
  lane: DissectedLane,
  annotators: Annotators,
  tally: () => Tally,
  keyLog: KeyLog | undefined,
): ConnectionDissector {
  const plain = (inner: Annotators) =>
    dissectPlain(lane, inner, (way, field) => tally().addHeader(way, field));
  return keyLog === undefined ? plain(annotators) : dissectTls(annotators, plain, keyLog);
}

/** The layer of a wire that every byte is part of: that of bytes which nobody understands. */
const outermost: Readonly<Record<Lane['wire'], Layer>> = {
  none: 'content',
  echo: 'content',
  seed: 'framing',
  framed: 'framing',
  'framed-protobuf': 'framing',
  websocket: 'webSocket',
  http1: 'http1',
  http2: 'http2Other',
  'connect-unary': 'http2Other',
  'grpc-unary': 'http2Other',
  'grpc-converse': 'http2Other',
  mqtt: 'content',
  nats: 'content',
};

function dissectPlain(
  { wire, hasChat }: DissectedLane,
  annotators: Annotators,
  onHeader: OnHeader,
): ConnectionDissector {
  switch (wire) {
    case 'echo':
      return dissectEcho(annotators);
    case 'seed':
      return dissectSeed(annotators);
    case 'framed':
      return dissectFramed(annotators);
    case 'framed-protobuf':
      return dissectFramedProtobuf(annotators);
    case 'websocket':
      return dissectWebSocket(annotators);
    case 'http1':
      return dissectHttp1(annotators);
    case 'http2':
      return dissectHttp2(annotators, opaqueBodies, onHeader);
    case 'grpc-unary':
    case 'grpc-converse':
      return dissectHttp2(annotators, hasChat ? contractBodies : echoedBodies, onHeader);
    case 'connect-unary':
      return dissectHttp2(annotators, bareEchoedBodies, onHeader);
    case 'none':
      throw new Error('nothing crosses a wire on this lane');
    case 'mqtt':
    case 'nats':
      throw new Error('nobody takes the bytes of a broker apart');
  }
}

import type { Layer, Traffic, WireEntry, WireLedger } from '../src/bytes/index.ts';

type Parts = Partial<Record<Layer, readonly [number, number]>>;

/** Bytes as the three transports spend them, close to what a tap counts. */
export function sampleWire(): WireLedger {
  return {
    content: { username: 'alice', recipient: 'bob', query: 'alice', body: 'see you at eight' },
    entries: [
      entry('sockets-framed', 'connect', 'connection', { framing: [1, 1] }),
      entry('sockets-framed', 'search', 'first', { content: [5, 5], framing: [3, 3] }),
      entry('sockets-framed', 'search', 'warm', { content: [5, 5], framing: [3, 3] }),
      entry('sockets-framed', 'send', 'first', {
        content: [24, 0],
        separators: [2, 0],
        framing: [3, 1],
      }),
      entry('sockets-framed', 'send', 'warm', {
        content: [24, 0],
        separators: [2, 0],
        framing: [3, 1],
      }),
      entry('grpc-unary', 'connect', 'connection', {
        http2Frames: [51, 27],
        settings: [12, 18],
        windowUpdate: [4, 4],
      }),
      entry('grpc-unary', 'search', 'first', grpc([5, 5], [2, 4], [212, 118])),
      entry('grpc-unary', 'search', 'warm', grpc([5, 5], [2, 4], [31, 14])),
      entry('grpc-unary', 'send', 'first', grpc([24, 0], [6, 2], [219, 118])),
      entry('grpc-unary', 'send', 'warm', grpc([24, 0], [6, 2], [30, 14])),
      entry('grpc-converse', 'connect', 'connection', {
        http2Frames: [60, 36],
        hpack: [209, 64],
        settings: [12, 18],
        windowUpdate: [4, 4],
      }),
      ...(['first', 'warm'] as const).flatMap((call) => [
        entry('grpc-converse', 'search', call, stream([5, 5], [4, 4])),
        entry('grpc-converse', 'send', call, stream([24, 0], [8, 2])),
      ]),
    ],
    json: [
      { operation: 'search', bytes: { sent: 33, received: 36 } },
      { operation: 'send', bytes: { sent: 82, received: 13 } },
    ],
  };
}

type Bytes = readonly [number, number];

function grpc(content: Bytes, protobuf: Bytes, hpack: Bytes): Parts {
  return { content, protobuf, grpcPrefix: [5, 5], http2Frames: [18, 27], hpack };
}

function stream(content: Bytes, protobuf: Bytes): Parts {
  return { content, protobuf, grpcPrefix: [5, 5], http2Frames: [9, 9] };
}

function entry(lane: string, operation: string, call: WireEntry['call'], parts: Parts): WireEntry {
  const layers = Object.fromEntries(
    Object.entries(parts).map(([layer, [sent, received]]) => [layer, { sent, received }]),
  );
  const sum = (side: keyof Traffic) =>
    Object.values(layers).reduce((total, traffic) => total + traffic[side], 0);
  const total = { sent: sum('sent'), received: sum('received') };
  return {
    lane,
    operation,
    call,
    tls: false,
    layers,
    total,
    tap: total,
    segments: { sent: 1, received: 1 },
  };
}

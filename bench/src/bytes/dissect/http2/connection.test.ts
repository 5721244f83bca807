import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type Chunk,
  type Dissect,
  dissect,
  dissectOrRefuse,
  hex,
  layersOf,
  mutate,
  places,
  recut,
  recutEverywhere,
  runs,
} from '../../../../test/wire-chunks.ts';
import { WireError } from '../dissector.ts';
import { contractBodies } from '../grpc/contract.ts';
import { Tally } from '../tally.ts';
import { dissectHttp2, opaqueBodies } from './connection.ts';

const http2: Dissect = (tally) =>
  dissectHttp2(
    Tally.annotators(() => tally),
    opaqueBodies,
  );
const grpc: Dissect = (tally) =>
  dissectHttp2(
    Tally.annotators(() => tally),
    contractBodies,
    (way, field) => tally.addHeader(way, field),
  );

const preface = hex('50 52 49 20 2a 20 48 54 54 50 2f 32 2e 30 0d 0a 0d 0a 53 4d 0d 0a 0d 0a');
const emptySettings = '00 00 00 04 00 00000000';
const opened = Buffer.concat([preface, hex(emptySettings)]);

/** Frames that a client sends once it has opened the connection. */
const framesOf = (frames: string) => layersOf(http2, 'sent', opened, hex(frames));

// GET http /, whole.
const request = '00 00 03 01 04 00000001 82 86 84';

describe('dissectHttp2', () => {
  it('tells the preface and frame headers from what frames carry', () => {
    const settings = `
      00 00 0c 04 00 00000000  // SETTINGS, 12 bytes
      00 02 00000000           // no push
      00 04 0000ffff           // a window of 65,535 bytes`;
    expect(layersOf(http2, 'sent', preface, hex(settings))).toEqual({
      http2Frames: 24 + 9,
      settings: 12,
    });
  });

  it.each([
    ['an acknowledgement of SETTINGS', '00 00 00 04 01 00000000', {}],
    ['WINDOW_UPDATE', '00 00 04 08 00 00000000 0000ffff', { windowUpdate: 4 }],
    ['PING', '00 00 08 06 00 00000000 0102030405060708', { ping: 8 }],
    ['GOAWAY', '00 00 0a 07 00 00000000 00000000 00000000 6279', { http2Other: 10 }],
    ['PRIORITY', '00 00 05 02 00 00000003 00000000 10', { http2Other: 5 }],
    ['a type that nobody knows', '00 00 03 fa 00 00000000 010203', { http2Other: 3 }],
    // A reserved bit that is set, which receivers ignore.
    ['a reserved bit', '00 00 08 06 00 80000000 0102030405060708', { ping: 8 }],
  ])('accounts for %s', (_, frame, layers) => {
    expect(framesOf(frame)).toEqual({ http2Frames: 24 + 9 + 9, ...layers });
  });

  it('tells padding and priority from the header block', () => {
    const headers = `
      00 00 0c 01 2c 00000001  // HEADERS: whole, padded, with priority; 12 bytes
      03                       // 3 bytes of padding
      00000000 10              // priority
      82 86 84                 // GET http /
      00 00 00                 // padding`;
    expect(framesOf(headers)).toEqual({
      http2Frames: 24 + 9 + 9,
      http2Other: 1 + 5 + 3,
      hpack: 3,
    });
  });

  it('puts a header block together that CONTINUATION goes on with', () => {
    const headers = `
      00 00 01 01 01 00000001 82     // HEADERS, not whole, the end of the stream
      00 00 01 09 00 00000001 86     // CONTINUATION
      00 00 01 09 04 00000001 84     // CONTINUATION, whole`;
    expect(framesOf(headers)).toEqual({ http2Frames: 24 + 4 * 9, hpack: 3 });
  });

  it('tells padding from data', () => {
    const data = `${request}
      00 00 06 00 09 00000001  // DATA: padded, the end of the stream; 6 bytes
      02 61 62 63 00 00        // 2 bytes of padding, abc`;
    expect(framesOf(data)).toEqual({
      http2Frames: 24 + 3 * 9,
      hpack: 3,
      http2Other: 1 + 2,
      content: 3,
    });
  });

  it('accounts for the reset of a stream', () => {
    expect(framesOf(`${request} 00 00 04 03 00 00000001 00000008`)).toEqual({
      http2Frames: 24 + 3 * 9,
      hpack: 3,
      http2Other: 4,
    });
  });

  it.each([
    [
      'a window',
      '00 00 04 08 00 80000001 8000ffff',
      [
        'stream 1, and the reserved bit, which means nothing',
        '65535 more bytes may be sent, and the reserved bit, which means nothing',
      ],
    ],
    [
      'a GOAWAY',
      '00 00 08 07 00 00000000 80000007 0000000b',
      [
        'last stream 7, and the reserved bit, which means nothing',
        'error code 11: ENHANCE_YOUR_CALM',
      ],
    ],
    [
      'a GOAWAY of a stream without that bit',
      '00 00 08 07 00 00000000 7fffffff 000000ff',
      ['last stream 2147483647', 'error code 255'],
    ],
    [
      'a priority',
      '00 00 05 02 00 00000003 80000001 ff',
      ['depends on stream 1, exclusively', 'weight 256'],
    ],
    ['a reset', `${request} 00 00 04 03 00 80000001 00000008`, ['error code 8: CANCEL']],
    [
      'a type that nobody knows',
      '00 00 01 fa 05 00000000 01',
      ['type 250', 'flags 0x5, which means nothing here'],
    ],
    [
      'flags that DATA does not have',
      `${request} 00 00 01 00 2d 00000001 00`,
      ['flags END_STREAM, PADDED, 0x24, which means nothing here'],
    ],
  ])('says what the bits of %s mean', (_, frames, expected) => {
    const chunks: Chunk[] = [{ way: 'sent', bytes: Buffer.concat([opened, hex(frames)]) }];
    const meanings = dissect(http2, chunks).annotations.sent.map(({ meaning }) => meaning);
    expect(meanings).toEqual(expect.arrayContaining(expected));
  });

  it('opens the stream that a server promises, padded and in pieces', () => {
    const promise = `
      ${emptySettings}
      00 00 09 05 08 00000001  // PUSH_PROMISE, padded, not whole
      02 80000002 82 86        // 2 bytes of padding, stream 2 behind the reserved bit, GET http
      00 00                    // padding
      00 00 01 09 04 00000001 84
      00 00 01 01 04 00000002 88
      00 00 03 00 01 00000002 616263`;
    const chunks: Chunk[] = [
      { way: 'sent', bytes: Buffer.concat([opened, hex(request)]) },
      { way: 'received', bytes: hex(promise) },
    ];
    expect(dissect(http2, chunks).layers).toMatchObject({
      content: { sent: 0, received: 3 },
      hpack: { sent: 3, received: 4 },
      http2Other: { sent: 0, received: 1 + 4 + 2 },
    });
    const twice: Chunk = {
      way: 'received',
      bytes: hex('00 00 07 05 04 00000001 00000002 82 86 84'),
    };
    expect(dissectOrRefuse(http2, [...chunks, twice])).toBe('refused');
  });

  describe('the reset of a stream in the middle of a message', () => {
    const path = '44 18 2f4d657373616765536572766963652f5265676973746572'; // :path, 24 bytes
    const asked = hex(
      `00 00 1c 01 04 00000001 83 86 ${path} 00 00 08 00 00 00000001 00 00000007 0a 05 61`,
    );
    const answered = hex(
      `${emptySettings} 00 00 01 01 04 00000001 88 00 00 03 00 00 00000001 00 0000`,
    );
    const reset = hex('00 00 04 03 00 00000001 00000008');
    const half: readonly Chunk[] = [
      { way: 'sent', bytes: Buffer.concat([opened, asked]) },
      { way: 'received', bytes: answered },
    ];

    it.each(['sent', 'received'] as const)('annotates what came of both messages, %s', (way) => {
      const { layers, annotations } = dissect(grpc, [...half, { way, bytes: reset }]);
      expect(layers.grpcPrefix).toEqual({ sent: 5, received: 3 });
      expect(layers.protobuf).toEqual({ sent: 3, received: 0 });
      expect(layers.http2Other?.[way]).toBe(4);
      const titles = annotations.sent.flatMap(({ parts }) => parts.map(({ title }) => title));
      expect(titles).toContain('message that a reset cut off');
    });

    it('annotates what was under way in the other direction', () => {
      const late = hex('00 00 04 00 01 00000001 02 0802 00');
      const chunks: Chunk[] = [
        ...half,
        { way: 'sent', bytes: reset },
        { way: 'received', bytes: late },
      ];
      const { annotations, layers } = dissect(grpc, chunks);
      expect(annotations.received.at(-1)?.meaning).toBe('data behind a reset: nobody takes it');
      expect(layers.http2Other).toEqual({ sent: 4, received: 4 });
      expect(dissect(grpc, recutEverywhere(chunks)).layers).toEqual(layers);
    });
  });

  it('takes longer frames once the other side has said that it does', () => {
    const long = Buffer.concat([hex('00 40 01 fa 00 00000000'), Buffer.alloc(16_385)]);
    const allowed: Chunk = { way: 'received', bytes: hex('00 00 06 04 00 00000000 0005 00004001') };
    const chunks: Chunk[] = [opened, long].map((bytes) => ({ way: 'sent', bytes }));
    expect(dissect(http2, [allowed, ...chunks]).layers.http2Other).toEqual({
      sent: 16_385,
      received: 0,
    });
    expect(dissectOrRefuse(http2, chunks)).toBe('refused');
  });

  it.each([
    ['a frame in place of SETTINGS', '00 00 08 06 00 00000000 0102030405060708'],
    ['SETTINGS that are cut off', `${emptySettings} 00 00 05 04 00 00000000 0002000000`],
    [
      'an acknowledgement that says something',
      `${emptySettings} 00 00 06 04 01 00000000 000200000000`,
    ],
    ['SETTINGS of a stream', `${emptySettings} 00 00 00 04 00 00000001`],
    ['PING of another length', `${emptySettings} 00 00 07 06 00 00000000 01020304050607`],
    ['WINDOW_UPDATE of another length', `${emptySettings} 00 00 03 08 00 00000000 00ffff`],
    ['GOAWAY that is too short', `${emptySettings} 00 00 04 07 00 00000000 00000000`],
    ['HEADERS on no stream', `${emptySettings} 00 00 03 01 04 00000000 82 86 84`],
    ['HEADERS without a path', `${emptySettings} 00 00 02 01 04 00000001 82 86`],
    ['HEADERS too short for their priority', `${emptySettings} 00 00 03 01 24 00000001 82 86 84`],
    ['DATA on no stream', `${emptySettings} 00 00 01 00 00 00000000 61`],
    ['DATA on a stream that nobody opened', `${emptySettings} 00 00 01 00 00 00000005 61`],
    ['more padding than payload', `${emptySettings} ${request} 00 00 02 00 08 00000001 02 61`],
    ['CONTINUATION of nothing', `${emptySettings} 00 00 01 09 04 00000001 82`],
    [
      'CONTINUATION of another stream',
      `${emptySettings} 00 00 01 01 00 00000001 82 00 00 02 09 04 00000003 86 84`,
    ],
    [
      'a frame inside a header block',
      `${emptySettings} 00 00 01 01 00 00000001 82 00 00 00 04 01 00000000`,
    ],
    ['PUSH_PROMISE of a client', `${emptySettings} 00 00 05 05 04 00000001 00000002 82`],
    ['PRIORITY of another length', `${emptySettings} 00 00 04 02 00 00000003 00000000`],
    ['RST_STREAM of another length', `${emptySettings} ${request} 00 00 03 03 00 00000001 000008`],
    ['RST_STREAM of the connection', `${emptySettings} 00 00 04 03 00 00000000 00000008`],
    [
      'RST_STREAM of a stream that nobody opened',
      `${emptySettings} 00 00 04 03 00 00000005 00000008`,
    ],
  ])('refuses %s', (_, frames) => {
    expect(() => layersOf(http2, 'sent', preface, hex(frames))).toThrow(WireError);
  });

  it('keeps as large a header table as the other side has said', () => {
    // A header block that makes its table 8,192 bytes large.
    const large: Chunk = { way: 'sent', bytes: hex('00 00 06 01 04 00000001 3f e1 3f 82 86 84') };
    const chunks: Chunk[] = [{ way: 'sent', bytes: opened }, large];
    const allowed: Chunk = { way: 'received', bytes: hex('00 00 06 04 00 00000000 0001 00002000') };
    expect(dissectOrRefuse(http2, chunks)).toBe('refused');
    expect(dissect(http2, [allowed, ...chunks]).layers.hpack).toEqual({ sent: 6, received: 0 });
  });

  it('refuses a stream that ends inside a gRPC message', () => {
    const path = '44 18 2f4d657373616765536572766963652f5265676973746572'; // :path, 24 bytes
    const headers = `00 00 1c 01 04 00000001 83 86 ${path}`;
    const cut = '00 00 08 00 01 00000001 00 00000007 0a 05 61';
    const bytes = Buffer.concat([opened, hex(headers), hex(cut)]);
    expect(dissectOrRefuse(grpc, [{ way: 'sent', bytes }])).toBe('refused');
    // The same without the end of the stream waits for the rest.
    bytes[bytes.length - 8 - 9 + 4] = 0;
    expect(dissect(grpc, [{ way: 'sent', bytes }]).layers.grpcPrefix).toBeUndefined();
  });

  it('refuses a client without the preface', () => {
    expect(() => layersOf(http2, 'sent', hex(emptySettings), Buffer.alloc(24))).toThrow(WireError);
  });
});

// A connection of grpc-js, opened, and `alice` registered: as a tap recorded it.
const registered: readonly Chunk[] = [
  ['sent', '505249202a20485454502f322e300d0a0d0a534d0d0a0d0a00000604000000000000040000ffff'],
  ['received', '0000060400000000000003000003e8'],
  ['received', '000000040100000000'],
  ['sent', '000000040100000000'],
  [
    'sent',
    `000073010400000001418b089d5c0b8170dc69b642cf83049163415081cc5dc5b3b988563696632125b386408e9a
     cac8b0c842d6958b510f21aa9b903485a9264fafa90b2d03497ea6f66aff50863485a9264faf7a8e9acac8b54790
     ab7443015c2d2eef5f8b1d75d0620d263d4c4d656440027465864d833505b11f00000c0001000000010000000007
     0a05616c696365`,
  ],
  [
    'received',
    `000060010400000001885f901d75d0620d263d4c4d6564ff75d8749f408e9acac8b0c842d6958b510f21aa9b9034
     85a9264fafa90b2d03497ea6f66aff408a9acac8b16a21e435537f863485a9264faf6197dd6d5f4a084a693f7504
     0138a05bb8d3971a7d4c5a37ff00000700000000000100000000020801`,
  ],
  ['received', '00001a01050000000140889acac8b21234da8f013040899acac8b5254207317f024f4b'],
].map(([way, bytes]) => ({ way: way as Chunk['way'], bytes: hex(bytes as string) }));

describe('dissectHttp2, a recorded register over gRPC', () => {
  const whole = dissect(grpc, registered);

  it('tells alice from everything else', () => {
    expect(whole.layers).toEqual({
      content: { sent: 5, received: 0 },
      protobuf: { sent: 2, received: 2 },
      grpcPrefix: { sent: 5, received: 5 },
      http2Frames: { sent: 24 + 4 * 9, received: 5 * 9 },
      hpack: { sent: 115, received: 96 + 26 },
      settings: { sent: 6, received: 6 },
    });
  });

  it('tells which headers they are', () => {
    const headers = whole.headers.map(({ name, value, bytes }) => `${name}: ${value} (${bytes})`);
    expect(headers).toEqual([
      ':authority: <host and port> (13)',
      ':method: POST (1)',
      ':path: /MessageService/Register (19)',
      ':scheme: http (1)',
      'grpc-accept-encoding: identity,deflate,gzip (33)',
      'accept-encoding: identity (8)',
      'user-agent: grpc-node-js/1.14.7 (16)',
      'content-type: application/grpc (13)',
      'te: trailers (11)',
      ':status: 200 (1)',
      'content-type: application/grpc+proto (18)',
      'grpc-accept-encoding: identity,deflate,gzip (33)',
      'grpc-encoding: identity (19)',
      'date: <date> (25)',
      'grpc-status: 0 (12)',
      'grpc-message: OK (14)',
    ]);
  });

  it('makes the same of it however it is cut', () => {
    expect(dissect(grpc, recutEverywhere(registered)).layers).toEqual(whole.layers);
    fc.assert(
      fc.property(places, (places) => {
        const tally = dissect(grpc, recut(registered, places));
        expect(tally.layers).toEqual(whole.layers);
        expect(tally.headers).toEqual(whole.headers);
      }),
      runs,
    );
  });

  it('refuses it when it is damaged, or still finds a place for every byte', () => {
    fc.assert(
      fc.property(fc.nat(), fc.nat({ max: 255 }), places, (place, byte, places) => {
        const damaged = mutate(registered, place, byte);
        const tally = dissectOrRefuse(grpc, damaged);
        const cut = dissectOrRefuse(grpc, recut(damaged, places));
        if (tally === 'refused' || cut === 'refused') expect(cut).toBe(tally);
        else expect(cut.layers).toEqual(tally.layers);
      }),
      { ...runs, numRuns: 1_000 },
    );
  });
});

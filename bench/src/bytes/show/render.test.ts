import { stripVTControlCharacters } from 'node:util';
import { describe, expect, it } from 'vitest';
import type { Traffic, WireEntry, WireHeader, WireLedger } from '../ledger.ts';
import { renderWireMarkdown } from './markdown.ts';
import { renderWire } from './render.ts';
import { stack } from './stack.ts';

const traffic = (sent: number, received: number): Traffic => ({ sent, received });

function entry(
  lane: string,
  operation: string,
  call: WireEntry['call'],
  layers: WireEntry['layers'],
  more: Partial<WireEntry> = {},
): WireEntry {
  const total = Object.values(layers).reduce(
    (sum, { sent, received }) => traffic(sum.sent + sent, sum.received + received),
    traffic(0, 0),
  );
  const segments = traffic(1, 1);
  return { lane, operation, call, tls: false, layers, total, tap: total, segments, ...more };
}

const header = (bytes: number, representation: WireHeader['representation']): WireHeader => ({
  direction: 'sent',
  name: 'te',
  value: 'trailers',
  representation,
  bytes,
});

const ledger: WireLedger = {
  content: { sender: 'alice001' },
  entries: [
    entry('sockets-framed', 'connect', 'connection', { framing: traffic(1, 1) }),
    entry('sockets-framed', 'search', 'first', { content: traffic(8, 8), framing: traffic(3, 4) }),
    entry('sockets-framed', 'search', 'warm', { content: traffic(8, 8), framing: traffic(3, 3) }),
    entry(
      'sockets-framed',
      'search',
      'warm',
      { content: traffic(8, 8), framing: traffic(3, 3), tlsRecords: traffic(22, 22) },
      { tls: true },
    ),
    entry('grpc-unary', 'connect', 'connection', { http2Frames: traffic(1_042, 18) }),
    entry(
      'grpc-unary',
      'search',
      'first',
      { content: traffic(8, 8), hpack: traffic(111, 7) },
      { headers: [header(11, 'remembered')] },
    ),
    entry(
      'grpc-unary',
      'search',
      'warm',
      { hpack: traffic(26, 7), content: traffic(8, 8) },
      { headers: [header(1, 'indexed')] },
    ),
  ],
  json: [{ operation: 'search', bytes: traffic(41, 38) }],
};

describe('renderWire', () => {
  it('has a table for each operation, with a lane a row and a layer a column', () => {
    expect(renderWire(ledger)).toBe(`\
Bytes of TCP payload, by what they are for, both ways together. A warm call is one that comes
after two like it, and is not the first of its second; "first" is the total of the first.

connect
                        framing frames  sent recv total
 sockets-framed               2      .     1    1     2
 grpc-unary                   .  1,060 1,042   18 1,060

search
                        content framing HPACK sent recv total first
 sockets-framed              16       6     .   11   11    22    23
 grpc-unary                  16       .    33   34   15    49   134
 JSON, no framing                               41   38    79

search, over TLS 1.3
                        content framing TLS sent recv total first
 sockets-framed              16       6  44   33   33    66
 JSON, no framing                             41   38    79

What the columns are:
  content   content: names, queries, bodies, secrets, tokens to resume with
  framing   our framing: operation or status, length, version
  frames    HTTP/2: 9 bytes before each frame; a preface once
  HPACK     headers, as HPACK writes them: known ones as a number
  TLS       TLS record headers, tags and alerts
`);
  });

  it('has the same text in colour, where that is wanted', () => {
    const colored = renderWire(ledger, { color: true });
    expect(colored).not.toBe(renderWire(ledger));
    expect(stripVTControlCharacters(colored)).toBe(renderWire(ledger));
  });
});

describe('renderWireMarkdown', () => {
  it('has the same tables, and the headers of HTTP/2', () => {
    const lines = renderWireMarkdown(ledger).split('\n');
    expect(lines).toContain('### search, over TLS 1.3');
    expect(lines).toContain('| grpc-unary | 16 | 0 | 33 | 34 | 15 | 49 | 134 |');
    expect(lines).toContain('| JSON, no framing |  |  |  | 41 | 38 | 79 |  |');
    expect(lines).toContain('### Headers on grpc-unary, in bytes');
    expect(lines).toContain('| → `te: trailers` | 11 remembered | 1 indexed |  |');
  });
});

describe('stack', () => {
  it('gives each lane the same layers, both ways together, content first', () => {
    expect(stack(ledger, 'search', 'warm')).toEqual([
      {
        lane: 'sockets-framed',
        tls: false,
        total: 22,
        layers: [
          { layer: 'content', bytes: 16 },
          { layer: 'framing', bytes: 6 },
          { layer: 'hpack', bytes: 0 },
          { layer: 'tlsRecords', bytes: 0 },
        ],
      },
      {
        lane: 'sockets-framed',
        tls: true,
        total: 66,
        layers: [
          { layer: 'content', bytes: 16 },
          { layer: 'framing', bytes: 6 },
          { layer: 'hpack', bytes: 0 },
          { layer: 'tlsRecords', bytes: 44 },
        ],
      },
      {
        lane: 'grpc-unary',
        tls: false,
        total: 49,
        layers: [
          { layer: 'content', bytes: 16 },
          { layer: 'framing', bytes: 0 },
          { layer: 'hpack', bytes: 33 },
          { layer: 'tlsRecords', bytes: 0 },
        ],
      },
    ]);
  });

  it('has no bar for what no lane did', () => {
    expect(stack(ledger, 'delete', 'warm')).toEqual([]);
  });
});

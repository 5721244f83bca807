import { stripVTControlCharacters } from 'node:util';
import { expect, it } from 'vitest';
import type { Recording } from '../record/recording.ts';
import { renderHexdump } from './hexdump.ts';

const request = { title: 'request 1: register', clause: 'P-6.2' };
const parts = [request];

const recording: Recording = {
  lane: 'sockets-framed',
  operation: 'register',
  call: 'warm',
  tls: false,
  flights: [
    {
      direction: 'sent',
      bytes: Buffer.from('01000d616263646566676869616263', 'hex'),
      annotations: [
        { offset: 0, length: 3, layer: 'framing', meaning: 'header', parts },
        { offset: 3, length: 12, layer: 'content', meaning: 'username "abcdefghiabc"', parts },
      ],
    },
    {
      direction: 'received',
      bytes: Buffer.of(1),
      annotations: [
        { offset: 0, length: 1, layer: 'framing', meaning: 'status 1: registered', parts: [] },
      ],
    },
  ],
};

const plain = `register on sockets-framed, a later one: 15 bytes sent, 1 received, 16 altogether
  C content 12   F framing 4

client → server, 15 bytes
                                       request 1: register  [P-6.2]
F 01 00 0d                               header
C 61 62 63 64 65 66 67 68 69 61 62 63    username "abcdefghiabc"

client ← server, 1 byte
F 01                                   status 1: registered
`;

it('shows each run of bytes with its layer and its meaning', () => {
  expect(renderHexdump(recording, { color: false })).toBe(plain);
});

it('says the same in colour', () => {
  const coloured = renderHexdump(recording, { color: true });
  expect(coloured).not.toBe(plain);
  expect(stripVTControlCharacters(coloured)).toBe(plain);
});

it('breaks long runs into rows, with the meaning beside the first', () => {
  const annotations = [
    { offset: 0, length: 25, layer: 'content' as const, meaning: 'body', parts: [] },
  ];
  const flights = [{ direction: 'sent' as const, bytes: Buffer.alloc(25), annotations }];
  const rows = renderHexdump({ ...recording, flights }, { color: false })
    .split('\n')
    .slice(-4, -1);
  expect(rows.map((row) => row.replace(/^C (00 ?)+/, '').trim())).toEqual(['body', '', '']);
});

it('says that nothing crosses where nothing does', () => {
  expect(renderHexdump({ ...recording, flights: [] }, { color: false })).toContain(
    'nothing crosses',
  );
});

it('writes out control characters, which would steer the terminal', () => {
  const parts = [{ title: 'header \u001b[2J' }];
  const annotations = [
    {
      offset: 0,
      length: 1,
      layer: 'content' as const,
      meaning: 'body "\u001b]0;\u0007\n\u009b"',
      parts,
    },
  ];
  const flights = [{ direction: 'sent' as const, bytes: Buffer.of(0x1b), annotations }];
  const dump = renderHexdump({ ...recording, flights }, { color: false });
  expect(dump).toContain('header \\x1b[2J\n');
  expect(dump).toContain('body "\\x1b]0;\\x07\\x0a\\x9b"');
});

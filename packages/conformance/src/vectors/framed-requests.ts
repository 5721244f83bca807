import type { FramedRequest, OversizedRequest } from '@tandem/core';

/** Bytes that a client sends behind its version byte, and the one frame that they are. [P-6.2] */
export interface FramedRequestVector {
  /** The title; a vector with a block in clause 9 of docs/PROTOCOL.md has the block's name. */
  readonly name: string;
  /** Hex pairs with blanks between. */
  readonly hex: string;
  readonly frame: FramedRequest | OversizedRequest;
}

/** Requests that a decoder takes, one after another for as long as one likes. */
export const framedRequests: readonly FramedRequestVector[] = [
  {
    name: 'framed-register',
    hex: '01 00 05 61 6c 69 63 65',
    frame: { kind: 'request', operation: 1, content: 'alice' },
  },
  {
    name: 'framed-login',
    hex: '02 00 05 61 6c 69 63 65',
    frame: { kind: 'request', operation: 2, content: 'alice' },
  },
  {
    name: 'framed-search',
    hex: '03 00 02 61 2a',
    frame: { kind: 'request', operation: 3, content: 'a*' },
  },
  {
    name: 'framed-search-everyone',
    hex: '03 00 00',
    frame: { kind: 'request', operation: 3, content: '' },
  },
  {
    name: 'framed-send',
    hex: '04 00 0c 61 6c 69 63 65 7c 62 6f 62 7c 68 69',
    frame: { kind: 'request', operation: 4, content: 'alice|bob|hi' },
  },
  {
    name: 'framed-logout',
    hex: '05 00 05 61 6c 69 63 65',
    frame: { kind: 'request', operation: 5, content: 'alice' },
  },
  {
    name: 'framed-delete',
    hex: '06 00 05 61 6c 69 63 65',
    frame: { kind: 'request', operation: 6, content: 'alice' },
  },
  {
    name: 'framed-acknowledge',
    hex: '08 00 01 33',
    frame: { kind: 'request', operation: 8, content: '3' },
  },
  {
    name: 'framed-login-with-secret',
    hex: '09 00 13 61 6c 69 63 65 7c 63 6f 72 72 65 63 74 20 68 6f 72 73 65',
    frame: { kind: 'request', operation: 9, content: 'alice|correct horse' },
  },
  {
    name: 'framed-register-with-secret',
    hex: '0a 00 13 61 6c 69 63 65 7c 63 6f 72 72 65 63 74 20 68 6f 72 73 65',
    frame: { kind: 'request', operation: 10, content: 'alice|correct horse' },
  },
  {
    name: 'framed-resume',
    hex: `0b 00 33 61 6c 69 63 65 7c${' 41'.repeat(43)} 7c 33`,
    frame: { kind: 'request', operation: 11, content: `alice|${'A'.repeat(43)}|3` },
  },
  {
    name: 'framed-change-secret',
    hex: '0c 00 13 61 6c 69 63 65 7c 7c 65 69 67 68 74 20 62 69 74 73 20 6f',
    frame: { kind: 'request', operation: 12, content: 'alice||eight bits o' },
  },
  {
    name: 'framed-block',
    hex: '0d 00 09 61 6c 69 63 65 7c 62 6f 62',
    frame: { kind: 'request', operation: 13, content: 'alice|bob' },
  },
  {
    name: 'framed-unblock',
    hex: '0e 00 09 61 6c 69 63 65 7c 62 6f 62',
    frame: { kind: 'request', operation: 14, content: 'alice|bob' },
  },
  {
    name: 'the longest change of a secret',
    hex: `0c 01 34${' 61'.repeat(50)} 7c${' 62'.repeat(128)} 7c${' 63'.repeat(128)}`,
    frame: {
      kind: 'request',
      operation: 12,
      content: `${'a'.repeat(50)}|${'b'.repeat(128)}|${'c'.repeat(128)}`,
    },
  },
  {
    name: 'framed-unknown-operation',
    hex: '07 00 02 68 69',
    frame: { kind: 'request', operation: 7, content: 'hi' },
  },
  {
    name: 'an operation of 0 without content',
    hex: '00 00 00',
    frame: { kind: 'request', operation: 0, content: '' },
  },
  {
    name: 'an operation of 255 that says what a request header looks like',
    hex: 'ff 00 03 01 00 05',
    frame: { kind: 'request', operation: 255, content: '\u0001\u0000\u0005' },
  },
  {
    name: 'content that is not ASCII, a character a byte',
    hex: '01 00 03 c3 a9 ff',
    frame: { kind: 'request', operation: 1, content: '\u00c3\u00a9\u00ff' },
  },
  {
    name: 'a message with a bar in its body',
    hex: '04 00 07 61 7c 62 7c 63 7c 64',
    frame: { kind: 'request', operation: 4, content: 'a|b|c|d' },
  },
  {
    name: 'a message of three spaces, which is read here and refused by the service',
    hex: '04 00 0d 61 6c 69 63 65 7c 62 6f 62 7c 20 20 20',
    frame: { kind: 'request', operation: 4, content: 'alice|bob|   ' },
  },
  {
    name: 'the longest username',
    hex: `01 00 32${' 7a'.repeat(50)}`,
    frame: { kind: 'request', operation: 1, content: 'z'.repeat(50) },
  },
  {
    name: 'the longest message',
    hex: `04 01 6c${' 61'.repeat(50)} 7c${' 62'.repeat(50)} 7c${' 63'.repeat(262)}`,
    frame: {
      kind: 'request',
      operation: 4,
      content: `${'a'.repeat(50)}|${'b'.repeat(50)}|${'c'.repeat(262)}`,
    },
  },
  {
    name: 'the longest acknowledgement',
    hex: '08 00 10 39 30 30 37 31 39 39 32 35 34 37 34 30 39 39 31',
    frame: { kind: 'request', operation: 8, content: '9007199254740991' },
  },
  {
    name: 'the longest request of an unknown operation',
    hex: `80 01 6c${' 00'.repeat(364)}`,
    frame: { kind: 'request', operation: 128, content: '\u0000'.repeat(364) },
  },
];

/** Requests that are longer than their operation can need: a decoder stops at each. [P-6.5] */
export const framedOversizedRequests: readonly FramedRequestVector[] = [
  {
    name: 'framed-oversized',
    hex: '01 00 33',
    frame: { kind: 'oversized', operation: 1, contentBytes: 51 },
  },
  {
    name: 'a query of 51 bytes',
    hex: '03 00 33',
    frame: { kind: 'oversized', operation: 3, contentBytes: 51 },
  },
  {
    name: 'a message of 365 bytes',
    hex: '04 01 6d',
    frame: { kind: 'oversized', operation: 4, contentBytes: 365 },
  },
  {
    name: 'an acknowledgement of 17 digits',
    hex: '08 00 11',
    frame: { kind: 'oversized', operation: 8, contentBytes: 17 },
  },
  {
    name: 'an unknown operation with 365 bytes',
    hex: '07 01 6d',
    frame: { kind: 'oversized', operation: 7, contentBytes: 365 },
  },
  {
    name: 'a login with 365 bytes of name and secret',
    hex: '09 01 6d',
    frame: { kind: 'oversized', operation: 9, contentBytes: 365 },
  },
  {
    name: 'as much as a header can announce',
    hex: '05 ff ff',
    frame: { kind: 'oversized', operation: 5, contentBytes: 65535 },
  },
];

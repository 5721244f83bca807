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
export const framedRequests = vectors(
  (operation, content: string) => ({ kind: 'request', operation, content }),
  [
    ['framed-register', '01 00 05 61 6c 69 63 65', 1, 'alice'],
    ['framed-login', '02 00 05 61 6c 69 63 65', 2, 'alice'],
    ['framed-search', '03 00 02 61 2a', 3, 'a*'],
    ['framed-search-everyone', '03 00 00', 3, ''],
    ['framed-send', '04 00 0c 61 6c 69 63 65 7c 62 6f 62 7c 68 69', 4, 'alice|bob|hi'],
    ['framed-logout', '05 00 05 61 6c 69 63 65', 5, 'alice'],
    ['framed-delete', '06 00 05 61 6c 69 63 65', 6, 'alice'],
    ['framed-acknowledge', '08 00 01 33', 8, '3'],
    [
      'framed-login-with-secret',
      '09 00 13 61 6c 69 63 65 7c 63 6f 72 72 65 63 74 20 68 6f 72 73 65',
      9,
      'alice|correct horse',
    ],
    [
      'framed-register-with-secret',
      '0a 00 13 61 6c 69 63 65 7c 63 6f 72 72 65 63 74 20 68 6f 72 73 65',
      10,
      'alice|correct horse',
    ],
    [
      'framed-resume',
      `0b 00 33 61 6c 69 63 65 7c${' 41'.repeat(43)} 7c 33`,
      11,
      `alice|${'A'.repeat(43)}|3`,
    ],
    [
      'framed-change-secret',
      '0c 00 13 61 6c 69 63 65 7c 7c 65 69 67 68 74 20 62 69 74 73 20 6f',
      12,
      'alice||eight bits o',
    ],
    ['framed-block', '0d 00 09 61 6c 69 63 65 7c 62 6f 62', 13, 'alice|bob'],
    ['framed-unblock', '0e 00 09 61 6c 69 63 65 7c 62 6f 62', 14, 'alice|bob'],
    [
      'the longest change of a secret',
      `0c 01 34${' 61'.repeat(50)} 7c${' 62'.repeat(128)} 7c${' 63'.repeat(128)}`,
      12,
      `${'a'.repeat(50)}|${'b'.repeat(128)}|${'c'.repeat(128)}`,
    ],
    ['framed-unknown-operation', '07 00 02 68 69', 7, 'hi'],
    ['an operation of 0 without content', '00 00 00', 0, ''],
    [
      'an operation of 255 that says what a request header looks like',
      'ff 00 03 01 00 05',
      255,
      '\u0001\u0000\u0005',
    ],
    ['content that is not ASCII, a character a byte', '01 00 03 c3 a9 ff', 1, '\u00c3\u00a9\u00ff'],
    ['a message with a bar in its body', '04 00 07 61 7c 62 7c 63 7c 64', 4, 'a|b|c|d'],
    [
      'a message of three spaces, which is read here and refused by the service',
      '04 00 0d 61 6c 69 63 65 7c 62 6f 62 7c 20 20 20',
      4,
      'alice|bob|   ',
    ],
    ['the longest username', `01 00 32${' 7a'.repeat(50)}`, 1, 'z'.repeat(50)],
    [
      'the longest message',
      `04 01 6c${' 61'.repeat(50)} 7c${' 62'.repeat(50)} 7c${' 63'.repeat(262)}`,
      4,
      `${'a'.repeat(50)}|${'b'.repeat(50)}|${'c'.repeat(262)}`,
    ],
    [
      'the longest acknowledgement',
      '08 00 10 39 30 30 37 31 39 39 32 35 34 37 34 30 39 39 31',
      8,
      '9007199254740991',
    ],
    [
      'the longest request of an unknown operation',
      `80 01 6c${' 00'.repeat(364)}`,
      128,
      '\u0000'.repeat(364),
    ],
  ],
);

/** Requests that are longer than their operation can need: a decoder stops at each. [P-6.5] */
export const framedOversizedRequests = vectors(
  (operation, contentBytes: number) => ({ kind: 'oversized', operation, contentBytes }),
  [
    ['framed-oversized', '01 00 33', 1, 51],
    ['a query of 51 bytes', '03 00 33', 3, 51],
    ['a message of 365 bytes', '04 01 6d', 4, 365],
    ['an acknowledgement of 17 digits', '08 00 11', 8, 17],
    ['an unknown operation with 365 bytes', '07 01 6d', 7, 365],
    ['a login with 365 bytes of name and secret', '09 01 6d', 9, 365],
    ['as much as a header can announce', '05 ff ff', 5, 65535],
  ],
);

/** Vectors of rows with a name, bytes, an operation and what else the frame has. */
function vectors<Rest>(
  frameOf: (operation: number, rest: Rest) => FramedRequestVector['frame'],
  rows: readonly (readonly [name: string, hex: string, operation: number, rest: Rest])[],
): readonly FramedRequestVector[] {
  return rows.map(([name, hex, operation, rest]) => ({
    name,
    hex,
    frame: frameOf(operation, rest),
  }));
}

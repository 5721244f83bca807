import type { FramedResponse, Status, UnknownStatus } from '@tandem/core';

/** Bytes that a server sends behind its version byte, and the one frame that they are. [P-6.3] */
export interface FramedResponseVector {
  /** The title; a vector with a block in clause 9 of docs/PROTOCOL.md has the block's name. */
  readonly name: string;
  /** Hex pairs with blanks between. */
  readonly hex: string;
  readonly frame: FramedResponse | UnknownStatus;
}

const rows: readonly (readonly [name: string, hex: string, status: Status, content?: string])[] = [
  ['framed-registered', '01', 1],
  ['username taken', '02', 2],
  ['logged in', '08', 8],
  ['not registered', '0a', 10],
  ['already logged in', '0b', 11],
  ['not found', '11', 17],
  ['framed-delivered', '18', 24],
  ['stored', '19', 25],
  ['no such user', '1a', 26],
  ['send failed', '1b', 27],
  ['mailbox full', '1c', 28],
  ['framed-logged-out', '28', 40],
  ['deleted', '30', 48],
  ['acknowledged', '38', 56],
  ['framed-resumable', `0d 00 2b${' 41'.repeat(43)}`, 13, 'A'.repeat(43)],
  ['wrong secret', '0e', 14],
  ['not resumable', '0f', 15],
  ['secret changed', `40 00 2b${' 41'.repeat(43)}`, 64, 'A'.repeat(43)],
  ['framed-secret-removed', '40 00 00', 64],
  ['wrong current secret', '41', 65],
  ['blocked', '48', 72],
  ['nobody to block', '49', 73],
  ['too many blocked', '4a', 74],
  ['unblocked', '50', 80],
  ['no secrets', '74', 116],
  ['secret too weak', '75', 117],
  ['secret too long', '76', 118],
  ['framed-too-many-tries', '77 00 02 34 32', 119, '42'],
  ['not logged in', '78', 120],
  ['session in use', '79', 121],
  ['invalid content', '7a', 122],
  ['too busy', '7b', 123],
  ['framed-shutting-down', '7c', 124],
  ['framed-bad-operation', '7e', 126],
  ['unknown error', '7f', 127],
  ['framed-unread', '09 00 0f 62 6f 62 7c 68 69 0a 63 61 72 6f 6c 7c 79 6f', 9, 'bob|hi\ncarol|yo'],
  ['framed-unread-page', '0c 00 06 62 6f 62 7c 68 69', 12, 'bob|hi'],
  ['framed-found', '10 00 09 61 6c 69 63 65 7c 62 6f 62', 16, 'alice|bob'],
  ['framed-found-page', '12 00 05 61 6c 69 63 65', 18, 'alice'],
  ['framed-found-cut', '13 00 03 7a 6f 65', 19, 'zoe'],
  ['framed-incoming', '20 00 06 62 6f 62 7c 68 69', 32, 'bob|hi'],
  ['a list of nothing', '10 00 00', 16],
  [
    'an incoming message of three spaces, from before those were refused',
    '20 00 07 62 6f 62 7c 20 20 20',
    32,
    'bob|   ',
  ],
  [
    'an incoming message that says what a status looks like',
    '20 00 06 61 7c 20 7b 7d 7e',
    32,
    'a| {}~',
  ],
  [
    'the longest incoming message',
    `20 01 39${' 61'.repeat(50)} 7c${' 62'.repeat(262)}`,
    32,
    `${'a'.repeat(50)}|${'b'.repeat(262)}`,
  ],
  ['more content than a byte can count', `12 01 00${' 61'.repeat(256)}`, 18, 'a'.repeat(256)],
];

/** Responses and pushes that a decoder takes, one after another for as long as one likes. */
export const framedResponses: readonly FramedResponseVector[] = rows.map(
  ([name, hex, status, content = '']) => ({
    name,
    hex,
    frame: { kind: 'response', status, content },
  }),
);

/** The longest page, which is too long to be cut at every place. [P-6.4] */
export const framedLongestPage: FramedResponseVector = {
  name: 'the longest page',
  hex: `12 ff ff${' 61'.repeat(65_535)}`,
  frame: { kind: 'response', status: 18, content: 'a'.repeat(65_535) },
};

/** Bytes that are no status: a decoder stops at each. [P-6.3] */
export const framedUnknownStatuses: readonly FramedResponseVector[] = (
  [
    ['a zero', '00', 0],
    ['a code between two others', '03', 3],
    ['the code that would be between shutdown and bad operation', '7d', 125],
    ['a version byte where a status should be', '81', 129],
    ['the highest byte', 'ff', 255],
  ] as const
).map(([name, hex, byte]) => ({ name, hex, frame: { kind: 'unknown-status', byte } }));

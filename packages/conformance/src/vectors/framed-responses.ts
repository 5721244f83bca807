import type { FramedResponse, UnknownStatus } from '@tandem/core';

/** Bytes that a server sends behind its version byte, and the one frame that they are. [P-6.3] */
export interface FramedResponseVector {
  /** The title; a vector with a block in clause 9 of docs/PROTOCOL.md has the block's name. */
  readonly name: string;
  /** Hex pairs with blanks between. */
  readonly hex: string;
  readonly frame: FramedResponse | UnknownStatus;
}

/** Responses and pushes that a decoder takes, one after another for as long as one likes. */
export const framedResponses: readonly FramedResponseVector[] = [
  {
    name: 'framed-registered',
    hex: '01',
    frame: { kind: 'response', status: 1, content: '' },
  },
  {
    name: 'username taken',
    hex: '02',
    frame: { kind: 'response', status: 2, content: '' },
  },
  {
    name: 'logged in',
    hex: '08',
    frame: { kind: 'response', status: 8, content: '' },
  },
  {
    name: 'not registered',
    hex: '0a',
    frame: { kind: 'response', status: 10, content: '' },
  },
  {
    name: 'already logged in',
    hex: '0b',
    frame: { kind: 'response', status: 11, content: '' },
  },
  {
    name: 'not found',
    hex: '11',
    frame: { kind: 'response', status: 17, content: '' },
  },
  {
    name: 'framed-delivered',
    hex: '18',
    frame: { kind: 'response', status: 24, content: '' },
  },
  {
    name: 'stored',
    hex: '19',
    frame: { kind: 'response', status: 25, content: '' },
  },
  {
    name: 'no such user',
    hex: '1a',
    frame: { kind: 'response', status: 26, content: '' },
  },
  {
    name: 'send failed',
    hex: '1b',
    frame: { kind: 'response', status: 27, content: '' },
  },
  {
    name: 'mailbox full',
    hex: '1c',
    frame: { kind: 'response', status: 28, content: '' },
  },
  {
    name: 'framed-logged-out',
    hex: '28',
    frame: { kind: 'response', status: 40, content: '' },
  },
  {
    name: 'deleted',
    hex: '30',
    frame: { kind: 'response', status: 48, content: '' },
  },
  {
    name: 'acknowledged',
    hex: '38',
    frame: { kind: 'response', status: 56, content: '' },
  },
  {
    name: 'framed-resumable',
    hex: `0d 00 2b${' 41'.repeat(43)}`,
    frame: { kind: 'response', status: 13, content: 'A'.repeat(43) },
  },
  {
    name: 'wrong secret',
    hex: '0e',
    frame: { kind: 'response', status: 14, content: '' },
  },
  {
    name: 'not resumable',
    hex: '0f',
    frame: { kind: 'response', status: 15, content: '' },
  },
  {
    name: 'secret changed',
    hex: `40 00 2b${' 41'.repeat(43)}`,
    frame: { kind: 'response', status: 64, content: 'A'.repeat(43) },
  },
  {
    name: 'framed-secret-removed',
    hex: '40 00 00',
    frame: { kind: 'response', status: 64, content: '' },
  },
  {
    name: 'wrong current secret',
    hex: '41',
    frame: { kind: 'response', status: 65, content: '' },
  },
  {
    name: 'blocked',
    hex: '48',
    frame: { kind: 'response', status: 72, content: '' },
  },
  {
    name: 'nobody to block',
    hex: '49',
    frame: { kind: 'response', status: 73, content: '' },
  },
  {
    name: 'too many blocked',
    hex: '4a',
    frame: { kind: 'response', status: 74, content: '' },
  },
  {
    name: 'unblocked',
    hex: '50',
    frame: { kind: 'response', status: 80, content: '' },
  },
  {
    name: 'no secrets',
    hex: '74',
    frame: { kind: 'response', status: 116, content: '' },
  },
  {
    name: 'secret too weak',
    hex: '75',
    frame: { kind: 'response', status: 117, content: '' },
  },
  {
    name: 'secret too long',
    hex: '76',
    frame: { kind: 'response', status: 118, content: '' },
  },
  {
    name: 'framed-too-many-tries',
    hex: '77 00 02 34 32',
    frame: { kind: 'response', status: 119, content: '42' },
  },
  {
    name: 'not logged in',
    hex: '78',
    frame: { kind: 'response', status: 120, content: '' },
  },
  {
    name: 'session in use',
    hex: '79',
    frame: { kind: 'response', status: 121, content: '' },
  },
  {
    name: 'invalid content',
    hex: '7a',
    frame: { kind: 'response', status: 122, content: '' },
  },
  {
    name: 'too busy',
    hex: '7b',
    frame: { kind: 'response', status: 123, content: '' },
  },
  {
    name: 'framed-shutting-down',
    hex: '7c',
    frame: { kind: 'response', status: 124, content: '' },
  },
  {
    name: 'framed-bad-operation',
    hex: '7e',
    frame: { kind: 'response', status: 126, content: '' },
  },
  {
    name: 'unknown error',
    hex: '7f',
    frame: { kind: 'response', status: 127, content: '' },
  },
  {
    name: 'framed-unread',
    hex: '09 00 0f 62 6f 62 7c 68 69 0a 63 61 72 6f 6c 7c 79 6f',
    frame: { kind: 'response', status: 9, content: 'bob|hi\ncarol|yo' },
  },
  {
    name: 'framed-unread-page',
    hex: '0c 00 06 62 6f 62 7c 68 69',
    frame: { kind: 'response', status: 12, content: 'bob|hi' },
  },
  {
    name: 'framed-found',
    hex: '10 00 09 61 6c 69 63 65 7c 62 6f 62',
    frame: { kind: 'response', status: 16, content: 'alice|bob' },
  },
  {
    name: 'framed-found-page',
    hex: '12 00 05 61 6c 69 63 65',
    frame: { kind: 'response', status: 18, content: 'alice' },
  },
  {
    name: 'framed-found-cut',
    hex: '13 00 03 7a 6f 65',
    frame: { kind: 'response', status: 19, content: 'zoe' },
  },
  {
    name: 'framed-incoming',
    hex: '20 00 06 62 6f 62 7c 68 69',
    frame: { kind: 'response', status: 32, content: 'bob|hi' },
  },
  {
    name: 'a list of nothing',
    hex: '10 00 00',
    frame: { kind: 'response', status: 16, content: '' },
  },
  {
    name: 'an incoming message of three spaces, from before those were refused',
    hex: '20 00 07 62 6f 62 7c 20 20 20',
    frame: { kind: 'response', status: 32, content: 'bob|   ' },
  },
  {
    name: 'an incoming message that says what a status looks like',
    hex: '20 00 06 61 7c 20 7b 7d 7e',
    frame: { kind: 'response', status: 32, content: 'a| {}~' },
  },
  {
    name: 'the longest incoming message',
    hex: `20 01 39${' 61'.repeat(50)} 7c${' 62'.repeat(262)}`,
    frame: { kind: 'response', status: 32, content: `${'a'.repeat(50)}|${'b'.repeat(262)}` },
  },
  {
    name: 'more content than a byte can count',
    hex: `12 01 00${' 61'.repeat(256)}`,
    frame: { kind: 'response', status: 18, content: 'a'.repeat(256) },
  },
];

/** The longest page, which is too long to be cut at every place. [P-6.4] */
export const framedLongestPage: FramedResponseVector = {
  name: 'the longest page',
  hex: `12 ff ff${' 61'.repeat(65_535)}`,
  frame: { kind: 'response', status: 18, content: 'a'.repeat(65_535) },
};

/** Bytes that are no status: a decoder stops at each. [P-6.3] */
export const framedUnknownStatuses: readonly FramedResponseVector[] = [
  { name: 'a zero', hex: '00', frame: { kind: 'unknown-status', byte: 0 } },
  { name: 'a code between two others', hex: '03', frame: { kind: 'unknown-status', byte: 3 } },
  {
    name: 'the code that would be between shutdown and bad operation',
    hex: '7d',
    frame: { kind: 'unknown-status', byte: 125 },
  },
  {
    name: 'a version byte where a status should be',
    hex: '81',
    frame: { kind: 'unknown-status', byte: 129 },
  },
  { name: 'the highest byte', hex: 'ff', frame: { kind: 'unknown-status', byte: 255 } },
];

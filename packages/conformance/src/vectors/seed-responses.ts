import type { SeedResponse } from '@tandem/core/seed';

/** Reads that a client of 2023 got, and what it took them for. [P-7.3] */
export interface SeedResponseVector {
  /** The title; a vector with a block in clause 9 of docs/PROTOCOL.md has the block's name. */
  readonly name: string;
  /** The bytes of each read, as hex pairs with blanks between. */
  readonly reads: readonly string[];
  readonly responses: readonly SeedResponse[];
  /** The fault in that; left out where there is none. */
  readonly defect?: string;
}

/** A byte that is read as a status. */
const bare = (status: number) => ({ status, content: '' });

/** Responses in the seed dialect, and their bytes. [P-7.3] */
export const seedResponses: readonly SeedResponseVector[] = [
  {
    name: 'a status',
    reads: ['18'],
    responses: [{ status: 24, content: '' }],
  },
  {
    name: 'seed-unread',
    reads: ['09 00 02 62 6f 62 7c 68 69 0a 63 61 72 6f 6c 7c 79 6f'],
    responses: [{ status: 9, count: 2, content: 'bob|hi\ncarol|yo' }],
  },
  {
    name: 'seed-found',
    reads: ['10 00 02 61 6c 69 63 65 7c 62 6f 62'],
    responses: [{ status: 16, count: 2, content: 'alice|bob' }],
  },
  {
    name: 'seed-incoming',
    reads: ['20 62 6f 62 7c 68 69'],
    responses: [{ status: 32, content: 'bob|hi' }],
  },
  {
    name: 'a list whose header comes in reads of its own',
    reads: ['10', '00 01', '62 6f 62'],
    responses: [{ status: 16, count: 1, content: 'bob' }],
  },
  {
    name: 'two incoming messages in one read',
    reads: ['20 62 6f 62 7c 68 69 20 63 61 72 6f 6c 7c 79 6f'],
    responses: [{ status: 32, content: 'bob|hi carol|yo' }],
    defect: 'one message that bob never wrote; status 32 is a space, so nothing looks wrong',
  },
  {
    name: 'an incoming message and a response in one read',
    reads: ['20 62 6f 62 7c 68 69 18'],
    responses: [{ status: 32, content: 'bob|hi\u0018' }],
    defect: 'the response became text, and the client waits for it for ever',
  },
  {
    name: 'a list and an incoming message in one read',
    reads: ['10 00 01 62 6f 62 20 62 6f 62 7c 68 69'],
    responses: [{ status: 16, count: 1, content: 'bob bob|hi' }],
    defect: 'the message became two usernames, and is lost',
  },
  {
    name: 'a list cut in its text',
    reads: ['10 00 02 61 6c 69', '63 65 7c 62 6f 62'],
    responses: [
      { status: 16, count: 2, content: 'ali' },
      ...[0x63, 0x65, 0x7c, 0x62, 0x6f, 0x62].map(bare),
    ],
    defect: 'a name that is nobody, and six answers that mean nothing; one of them reads "124"',
  },
  {
    name: 'an incoming message cut in its text',
    reads: ['20 62 6f 62 7c 73 65 65 20', '79 6f 75'],
    responses: [{ status: 32, content: 'bob|see ' }, ...[0x79, 0x6f, 0x75].map(bare)],
    defect: 'the rest of the message is read as three answers; one of them reads "121"',
  },
  {
    name: 'a count cut between its bytes',
    reads: ['09 00', '01 62 6f 62 7c 68 69'],
    responses: [
      { status: 9, count: 0, content: '' },
      ...[1, 0x62, 0x6f, 0x62, 0x7c, 0x68, 0x69].map(bare),
    ],
    defect: 'no message where there was one, and a "registered" that nobody asked for',
  },
];

import type { SeedRequest, UnknownSeedOperation } from '@tandem/core/seed';

/** Reads that a server of the seed dialect got, and what it took them for. [P-7.2] */
export interface SeedRequestVector {
  /** The title; a vector with a block in clause 9 of docs/PROTOCOL.md has the block's name. */
  readonly name: string;
  /** The bytes of each read, as hex pairs with blanks between. */
  readonly reads: readonly string[];
  readonly requests: readonly (SeedRequest | UnknownSeedOperation)[];
  /** The fault in that; left out where there is none. */
  readonly defect?: string;
}

const unknown = (operation: number) => ({ kind: 'unknown-operation', operation }) as const;

/** Requests in the seed dialect, and their bytes. [P-7.2] */
export const seedRequests: readonly SeedRequestVector[] = [
  {
    name: 'seed-register',
    reads: ['01 61 6c 69 63 65'],
    requests: [{ kind: 'request', operation: 1, content: 'alice' }],
  },
  {
    name: 'seed-send',
    reads: ['04 61 6c 69 63 65 7c 62 6f 62 7c 68 69'],
    requests: [{ kind: 'request', operation: 4, content: 'alice|bob|hi' }],
  },
  {
    name: 'a message of three spaces, which is read here and refused by the service',
    reads: ['04 61 6c 69 63 65 7c 62 6f 62 7c 20 20 20'],
    requests: [{ kind: 'request', operation: 4, content: 'alice|bob|   ' }],
  },
  {
    name: 'the operation in a read of its own',
    reads: ['05', '61 6c 69 63 65'],
    requests: [{ kind: 'request', operation: 5, content: 'alice' }],
  },
  {
    name: 'two requests in a read each',
    reads: ['02 62 6f 62', '03 2a'],
    requests: [
      { kind: 'request', operation: 2, content: 'bob' },
      { kind: 'request', operation: 3, content: '*' },
    ],
  },
  {
    name: 'an operation whose text has not come',
    reads: ['01'],
    requests: [],
  },
  {
    name: 'two requests in one read',
    reads: ['01 61 6c 69 63 65 01 62 6f 62'],
    requests: [{ kind: 'request', operation: 1, content: 'alice\u0001bob' }],
    defect: 'the second request became text of the first and is never answered',
  },
  {
    name: 'a request cut in its text',
    reads: ['01 61 6c', '69 63 65'],
    requests: [
      { kind: 'request', operation: 1, content: 'al' },
      ...[0x69, 0x63, 0x65].map(unknown),
    ],
    defect: 'another user is registered, and three answers come that nobody waits for',
  },
  {
    name: 'a request cut in three, the operation alone',
    reads: ['02', '62', '6f 62'],
    requests: [{ kind: 'request', operation: 2, content: 'b' }, ...[0x6f, 0x62].map(unknown)],
    defect: 'another user is logged in, and two responses come that nobody waits for',
  },
  {
    name: 'a text of more than 50 bytes, in which another request lies',
    reads: [`02${' 61'.repeat(50)} 06 62 6f 62`],
    requests: [
      { kind: 'request', operation: 2, content: 'a'.repeat(50) },
      { kind: 'request', operation: 6, content: 'bob' },
    ],
    defect: 'the end of one text is obeyed as a request',
  },
  {
    name: 'the empty query, and the request after it',
    reads: ['03', '05 62 6f 62'],
    requests: [{ kind: 'request', operation: 3, content: '\u0005bob' }],
    defect: 'an empty text cannot be said, so the next request becomes the query',
  },
  {
    name: 'seed-interrupted',
    reads: ['00 00 00 00 05 61 6c 69 63 65'],
    requests: [...[0, 0, 0, 0].map(unknown), { kind: 'request', operation: 5, content: 'alice' }],
    defect: 'the client of 2023 sends four zeros first on Ctrl-C; each is answered 126',
  },
  {
    name: 'the version byte of the framed dialect later than first',
    reads: ['02 62 6f 62', '81'],
    requests: [{ kind: 'request', operation: 2, content: 'bob' }, unknown(0x81)],
  },
];

import {
  encodeFramedRequest,
  encodeFramedResponse,
  FramedRequestDecoder,
  FramedResponseDecoder,
  Operation,
  Status,
} from '@tandem/core';
import {
  encodeSeedIncoming,
  encodeSeedRequest,
  SeedRequestDecoder,
  SeedResponseDecoder,
} from '@tandem/core/seed';

/** One thing that a network may do to what was sent, done to both dialects. */
interface Case {
  readonly title: string;
  readonly from: 'client' | 'server';
  /** An operation with its text, or a status with its content. */
  readonly sent: readonly (readonly [code: number, content: string])[];
  /** The places at which the bytes fall apart into segments, counted from the end; left out: all in one. */
  readonly cutFromEnd?: number;
}

const cases: readonly Case[] = [
  {
    title: 'Two requests arrive as one segment',
    from: 'client',
    sent: [
      [Operation.register, 'alice'],
      [Operation.register, 'bob'],
    ],
  },
  {
    title: 'One request arrives as two segments',
    from: 'client',
    sent: [[Operation.send, 'alice|bob|meet at 9']],
    cutFromEnd: 2,
  },
  {
    title: 'Two pushed messages arrive as one segment',
    from: 'server',
    sent: [
      [Status.incoming, 'bob|hi'],
      [Status.incoming, 'carol|yo'],
    ],
  },
  {
    title: 'A pushed message and the response to a send arrive as one segment',
    from: 'server',
    sent: [
      [Status.incoming, 'bob|hi'],
      [Status.delivered, ''],
    ],
  },
];

/**
 * Returns how the two dialects deal with fragmentation and coalescing, as the text that clause 8 of
 * docs/PROTOCOL.md shows. The bytes go through the encoders and decoders that servers and clients
 * use; nothing in it is written down beforehand.
 */
export function renderDemonstration(): string {
  return cases.map(render).join('\n');
}

function render(demonstrated: Case, index: number): string {
  const { title, from, sent } = demonstrated;
  const name = from === 'client' ? 'op' : 'status';
  const framed = segments(demonstrated, from === 'client' ? framedRequest : framedResponse);
  const seed = segments(demonstrated, from === 'client' ? seedRequest : seedResponse);
  const framedGot = from === 'client' ? readFramedRequests(framed) : readFramedResponses(framed);
  const seedGot = from === 'client' ? readSeedRequests(seed) : readSeedResponses(seed);
  return [
    `${index + 1}. ${title}`,
    ...lines(
      'sent',
      sent.map(([code, content]) => said(name, code, content)),
    ),
    ...lines('seed segment', seed.map(hexOf)),
    ...lines('taken for', seedGot),
    ...lines('framed segment', framed.map(hexOf)),
    ...lines('taken for', framedGot),
    '',
  ].join('\n');
}

function lines(label: string, texts: readonly string[]): string[] {
  return texts.map((text, index) => `   ${(index === 0 ? label : '').padEnd(16)}${text}`);
}

/** A code and its text, with what a terminal would not show written as an escape. */
function said(name: string, code: number, content: string): string {
  return `${name} ${code}${content === '' ? '' : ` ${JSON.stringify(content)}`}`;
}

type Encode = (code: number, content: string) => Buffer;

const framedRequest: Encode = (code, content) => encodeFramedRequest(code as Operation, content);
const seedRequest: Encode = (code, content) => encodeSeedRequest(code as Operation, content);
const framedResponse: Encode = (code, content) => encodeFramedResponse(code as Status, content);
const seedResponse: Encode = (code, content) =>
  content === '' ? Buffer.of(code) : encodeSeedIncoming(content);

function segments({ sent, cutFromEnd }: Case, encode: Encode): Buffer[] {
  const bytes = Buffer.concat(sent.map(([code, content]) => encode(code, content)));
  if (cutFromEnd === undefined) return [bytes];
  return [bytes.subarray(0, -cutFromEnd), bytes.subarray(-cutFromEnd)];
}

function readSeedRequests(reads: readonly Buffer[]): string[] {
  return drain(new SeedRequestDecoder(), reads).map((request) =>
    request.kind === 'request'
      ? said('op', request.operation, request.content)
      : `unknown op ${request.operation}, answered 126`,
  );
}

function readFramedRequests(reads: readonly Buffer[]): string[] {
  return drain(new FramedRequestDecoder(), reads).map((request) =>
    request.kind === 'request' ? said('op', request.operation, request.content) : request.kind,
  );
}

function readSeedResponses(reads: readonly Buffer[]): string[] {
  return drain(new SeedResponseDecoder(), reads).map(({ status, content }) =>
    said('status', status, content),
  );
}

function readFramedResponses(reads: readonly Buffer[]): string[] {
  return drain(new FramedResponseDecoder(), reads).map((response) =>
    response.kind === 'response'
      ? said('status', response.status, response.content)
      : response.kind,
  );
}

function drain<T>(
  decoder: { push(read: Buffer): void; next(): T | undefined },
  reads: readonly Buffer[],
): T[] {
  const taken: T[] = [];
  for (const read of reads) {
    decoder.push(Buffer.from(read));
    for (let item = decoder.next(); item !== undefined; item = decoder.next()) taken.push(item);
  }
  return taken;
}

/** Bytes as hex pairs with blanks between them. */
export function hexOf(bytes: Uint8Array): string {
  return Buffer.from(bytes)
    .toString('hex')
    .replace(/..(?=.)/g, '$& ');
}

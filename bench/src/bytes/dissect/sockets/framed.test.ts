import { encodeFramedRequest, encodeFramedResponse, Operation, Status } from '@tandem/core';
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
import { Tally } from '../tally.ts';
import { dissectFramed } from './framed.ts';

const framed: Dissect = (tally) => dissectFramed(Tally.annotators(() => tally));

describe('dissectFramed', () => {
  // docs/PROTOCOL.md, clause 9.
  it.each([
    ['the version', 'sent', '81', { framing: 1 }],
    ['the version', 'received', '81', { framing: 1 }],
    ['a register of alice', 'sent', '81 01 00 05 61 6c 69 63 65', { framing: 1 + 3, content: 5 }],
    ['its response', 'received', '81 01', { framing: 1 + 1 }],
    [
      'alice|bob|hi',
      'sent',
      '81 04 00 0c 61 6c 69 63 65 7c 62 6f 62 7c 68 69',
      { framing: 1 + 3, separators: 2, content: 10 },
    ],
    [
      'bob|hi',
      'received',
      '81 20 00 06 62 6f 62 7c 68 69',
      { framing: 1 + 3, separators: 1, content: 5 },
    ],
    [
      'two unread messages',
      'received',
      '81 09 00 0f 62 6f 62 7c 68 69 0a 63 61 72 6f 6c 7c 79 6f',
      { framing: 1 + 3, separators: 3, content: 12 },
    ],
    [
      'three names',
      'received',
      '81 10 00 05 61 7c 62 7c 63',
      { framing: 1 + 3, separators: 2, content: 3 },
    ],
    ['an acknowledgement of 12', 'sent', '81 08 00 02 31 32', { framing: 1 + 3 + 2 }],
    ['the empty query', 'sent', '81 03 00 00', { framing: 1 + 3 }],
  ] as const)('takes %s apart, %s', (_, way, bytes, layers) => {
    expect(layersOf(framed, way, hex(bytes))).toEqual(layers);
  });

  it.each([
    ['another version', 'sent', '82'],
    ['the seed dialect', 'sent', '01 61'],
    ['a request that is longer than its operation needs', 'sent', '81 01 00 33'],
    ['a byte that is no status', 'received', '81 ff'],
  ] as const)('refuses %s', (_, way, bytes) => {
    expect(() => layersOf(framed, way, hex(bytes))).toThrow(WireError);
  });

  const text = fc.string({ unit: 'grapheme-ascii', minLength: 1, maxLength: 50 });
  const exchange = fc.record({ query: text, found: fc.string({ unit: 'grapheme-ascii' }) });
  const conversation = fc.array(exchange, { maxLength: 10 }).map((exchanges): Chunk[] => [
    { way: 'sent', bytes: hex('81') },
    { way: 'received', bytes: hex('81') },
    ...exchanges.flatMap(({ query, found }): Chunk[] => [
      { way: 'sent', bytes: encodeFramedRequest(Operation.search, query) },
      { way: 'received', bytes: encodeFramedResponse(Status.found, found) },
    ]),
  ]);

  it('makes the same of a conversation however it is cut', () => {
    fc.assert(
      fc.property(conversation, places, (chunks, places) => {
        const { layers } = dissect(framed, chunks);
        expect(dissect(framed, recut(chunks, places)).layers).toEqual(layers);
        expect(dissect(framed, recutEverywhere(chunks)).layers).toEqual(layers);
      }),
      runs,
    );
  });

  it('refuses a damaged one, or still finds a place for every byte', () => {
    fc.assert(
      fc.property(
        conversation,
        fc.nat(),
        fc.nat({ max: 255 }),
        places,
        (chunks, place, byte, places) => {
          const damaged = mutate(chunks, place, byte);
          const whole = dissectOrRefuse(framed, damaged);
          const cut = dissectOrRefuse(framed, recut(damaged, places));
          if (whole === 'refused' || cut === 'refused') expect(cut).toBe(whole);
          else expect(cut.layers).toEqual(whole.layers);
        },
      ),
      runs,
    );
  });
});

import { describe, expect, it } from 'vitest';
import { type Dissect, hex, layersOf } from '../../../../test/wire-chunks.ts';
import { WireError } from '../dissector.ts';
import { Tally } from '../tally.ts';
import { dissectSeed } from './seed.ts';

const seed: Dissect = (tally) => dissectSeed(Tally.annotators(() => tally));

describe('dissectSeed', () => {
  // docs/PROTOCOL.md, clause 9.3.
  it.each([
    ['a register of alice', 'sent', ['01 61 6c 69 63 65'], { framing: 1, content: 5 }],
    ['a register in two reads', 'sent', ['01', '61 6c 69 63 65'], { framing: 1, content: 5 }],
    [
      'alice|bob|hi',
      'sent',
      ['04 61 6c 69 63 65 7c 62 6f 62 7c 68 69'],
      { framing: 1, separators: 2, content: 10 },
    ],
    ['a status', 'received', ['01'], { framing: 1 }],
    [
      'two unread messages',
      'received',
      ['09 00 02 62 6f 62 7c 68 69 0a 63 61 72 6f 6c 7c 79 6f'],
      { framing: 3, separators: 3, content: 12 },
    ],
    ['two names', 'received', ['10 00 02 61 7c 62'], { framing: 3, separators: 1, content: 2 }],
    ['bob|hi', 'received', ['20 62 6f 62 7c 68 69'], { framing: 1, separators: 1, content: 5 }],
  ] as const)('takes %s apart, %s', (_, way, reads, layers) => {
    expect(layersOf(seed, way, ...reads.map(hex))).toEqual(layers);
  });

  it.each([
    ['an operation that it does not have', 'sent', ['08 31']],
    ['a read that ends inside a count', 'received', ['10 00', '02 61 7c 62']],
  ] as const)('refuses %s', (_, way, reads) => {
    expect(() => layersOf(seed, way, ...reads.map(hex))).toThrow(WireError);
  });
});

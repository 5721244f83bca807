import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { recordWire } from '../src/bytes/index.ts';
import { blocksOf, documentBlocks, documentLanes, withBlocks } from '../src/bytes/show/document.ts';
import { layerLetters } from '../src/bytes/show/outline.ts';

const document = readFileSync(new URL('../../docs/WIRE.md', import.meta.url), 'utf8');
const written = blocksOf(document);

// What differs from run to run: the token's Huffman code, and with it lengths and sums; dates, ports.
const unsteady: readonly (readonly [pattern: RegExp, steady: string])[] = [
  [/\b[0-9a-f]{32}\b/g, '<token>'],
  [/127\.0\.0\.1:\d+/g, '<host and port>'],
  [/date: .* GMT/g, 'date: <date>'],
  // The bytes of a token to resume with.
  [/^C .*( token ")[^"]*(", random)\n(C [0-9a-f ]+\n)*/gm, '$1$2\n'],
  // How many dates are in the table when it comes to be read.
  [/^H [0-9a-f]{2} +(name and value: )\d+ of the dynamic/gm, '$1 of the dynamic'],
  // How many calls were needed to bring dates.
  [/\b(HEADERS|DATA), stream \d+/g, '$1, stream <number>'],
  [/^2( 00){3} [0-9a-f]{2}( +stream )\d+$/gm, '2$2<number>'],
  // The rows of the token's code, and the length in front of it.
  [/^H .*( value "Bearer .*)\n(H [0-9a-f ]+\n)*/gm, '$1\n'],
  [/^H .*( length \d+ of the value, in Huffman code)\n(?= value "Bearer)/gm, ''],
  [/^2 .* length \d+\n(?=2 01 )/gm, ''],
  [/^send on .*|^client .*|H HPACK \d+/gm, ''],
  [/with \d+ bytes: \d+ for|the token with \d+|\+ \d+: \d+ bytes, where/g, ''],
];

function steady(text: string | undefined): string {
  return unsteady.reduce((now, [pattern, to]) => now.replace(pattern, to), text ?? '');
}

describe('docs/WIRE.md', () => {
  it('shows what a send takes now, but for what differs from run to run', async () => {
    const { ledger, recordings } = await recordWire({ lanes: documentLanes, tls: false });
    const recorded = documentBlocks(ledger, recordings);
    expect([...written.keys()].sort()).toEqual([...recorded.keys()].sort());
    for (const [name, text] of recorded) {
      expect(steady(written.get(name)), name).toBe(steady(text));
      // Nothing but what is said to differ is left out.
      expect(steady(text).length).toBeGreaterThan(text.length * 0.6);
    }
  });

  it.each(documentLanes)('has as many bytes of %s as it says', (lane) => {
    const text = written.get(lane) ?? '';
    const digits = [...text.matchAll(/^. ((?:[0-9a-f]{2} ?)+)/gm)].map(([, hex]) => hex);
    const bytes = digits.join(' ').trim().split(/\s+/).length;
    expect(text).toContain(`, ${bytes} altogether`);
  });

  it('explains every letter', () => {
    for (const letter of Object.values(layerLetters).filter((one) => !/[J1W]/.test(one))) {
      expect(document).toContain(letter === '|' ? '`\\|`' : `\`${letter}\``);
    }
  });

  it('is made anew with blocks, and left alone without', () => {
    expect(withBlocks(document, new Map())).toBe(document);
    expect(blocksOf(withBlocks(document, new Map([['walk', 'new']]))).get('walk')).toBe('new');
  });
});

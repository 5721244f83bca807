import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { wrap } from './wrap.ts';

const rowsOf = (line: string, columns: number) => wrap(line, columns).map(({ text }) => text);

describe('wrap', () => {
  it.each([
    ['see you at eight', 45, ['see you at eight']],
    ['see you at eight', 16, ['see you at eight']],
    ['see you at eight', 15, ['see you at', 'eight']],
    ['see you at eight', 10, ['see you at', 'eight']],
    ['see you at eight', 3, ['see', 'you', 'at', 'eig', 'ht']],
    ['abcdefghij', 4, ['abcd', 'efgh', 'ij']],
    ['<- bob: abcdefghij', 8, ['<- bob:', 'abcdefgh', 'ij']],
    ['  indented words', 10, ['  indented', 'words']],
    ['  averylongname', 6, ['  aver', 'ylongn', 'ame']],
    ['two  spaces   kept', 12, ['two  spaces', 'kept']],
    ['        ', 3, ['   ']],
    ['', 5, ['']],
    ['ab', 1, ['a', 'b']],
  ])('breaks %j in %i columns at words', (line, columns, rows) => {
    expect(rowsOf(line, columns)).toEqual(rows);
  });

  it('leaves a line whole where it is not to be broken', () => {
    expect(wrap('see you at eight', undefined)).toEqual([{ text: 'see you at eight', from: 0 }]);
  });

  const words = fc.string({ unit: fc.constantFrom(' ', ' ', 'a', 'b', 'c'), maxLength: 300 });

  it('loses nothing but spaces, and fills no row too far', () => {
    fc.assert(
      fc.property(words, fc.integer({ min: 1, max: 60 }), (line, columns) => {
        const rows = wrap(line, columns);
        for (const { text, from } of rows) {
          expect(text.length).toBeLessThanOrEqual(columns);
          expect(line.startsWith(text, from)).toBe(true);
        }
        const joined = rows.map(({ text }) => text).join('');
        expect(joined.replaceAll(' ', '')).toBe(line.replaceAll(' ', ''));
      }),
    );
  });

  it('breaks no word that fits into a row', () => {
    fc.assert(
      fc.property(words, fc.integer({ min: 1, max: 60 }), (line, columns) => {
        const fit = line.split(' ').filter((word) => word !== '' && word.length <= columns);
        const words = rowsOf(line, columns).flatMap((row) => row.split(' '));
        // An indent belongs to the row of its word, if there is room for any of it.
        if (/^ /.test(line)) return;
        for (const word of fit) expect(words).toContain(word);
      }),
    );
  });

  it('never breaks a character into halves', () => {
    for (let columns = 2; columns < 9; columns++) {
      const rows = rowsOf('\u{1f600}'.repeat(9), columns);
      expect(rows.join('')).toBe('\u{1f600}'.repeat(9));
      for (const row of rows) expect(row).toBe(row.toWellFormed());
    }
  });
});

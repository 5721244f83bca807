import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatPhc, isPhc, parsePhc } from './phc.ts';

const text =
  '$argon2id$v=19$m=19456,t=2,p=1$c29tZXNhbHRzb21lc2FsdA$LLrC1uomwdEhFCcLk7xi0twf0rVy9jR2KgfyKvQOLx8';

describe('PHC strings', () => {
  it('are read into their parts', () => {
    expect(parsePhc(text)).toMatchObject({
      memoryKib: 19_456,
      passes: 2,
      parallelism: 1,
      salt: Buffer.from('somesaltsomesalt'),
    });
  });

  it('are written as they were read', () => {
    const bytes = (min: number) =>
      fc.uint8Array({ minLength: min, maxLength: 64 }).map((array) => Buffer.from(array));
    fc.assert(
      fc.property(
        fc.record({
          memoryKib: fc.integer({ min: 24, max: 262_144 }),
          passes: fc.integer({ min: 1, max: 16 }),
          parallelism: fc.integer({ min: 1, max: 3 }),
          salt: bytes(8),
          hash: bytes(12),
        }),
        (phc) => {
          expect(parsePhc(formatPhc(phc))).toEqual(phc);
        },
      ),
    );
  });

  it.each([
    ['nothing', ''],
    ['another algorithm', text.replace('argon2id', 'argon2i')],
    ['another version', text.replace('v=19', 'v=16')],
    ['parameters in another order', text.replace('m=19456,t=2', 't=2,m=19456')],
    ['no memory', text.replace('m=19456', 'm=0')],
    ['less memory than its lanes need', text.replace('m=19456,t=2,p=1', 'm=8,t=2,p=2')],
    ['more memory than any of ours', text.replace('m=19456', 'm=300000')],
    ['more passes than any of ours', text.replace('t=2', 't=17')],
    ['a leading zero', text.replace('t=2', 't=02')],
    ['padding', `${text}=`],
    ['bits behind the last byte', text.replace('FdA$', 'FdB$').replace('sdA$', 'sdB$')],
    ['a salt of 7 bytes', text.replace('c29tZXNhbHRzb21lc2FsdA', 'c29tZXNhbA')],
    ['something behind it', `${text}$x`],
    ['a line break', `${text}\n`],
  ])('are refused with %s', (_what, refused) => {
    expect(isPhc(text)).toBe(true);
    expect(refused).not.toBe(text);
    expect(isPhc(refused)).toBe(false);
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readPaste } from './paste.ts';

describe('a paste', () => {
  it.each([
    ['', { kind: 'text', text: '' }],
    ['one', { kind: 'text', text: 'one' }],
    ['one\n', { kind: 'line', text: 'one' }],
    ['\r\n', { kind: 'line', text: '' }],
    ['one\ntwo', { kind: 'lines', lines: ['one', 'two'] }],
    ['one\ntwo\n', { kind: 'lines', lines: ['one', 'two'] }],
    ['one\r\ntwo\rthree', { kind: 'lines', lines: ['one', 'two', 'three'] }],
    ['\n\n', { kind: 'lines', lines: ['', ''] }],
  ])('means this: %j', (pasted, meaning) => {
    expect(readPaste(pasted)).toEqual(meaning);
  });

  it('of several lines loses none of them, whether the last one has an end or not', () => {
    const lines = fc.array(fc.stringMatching(/^[a-z ]+$/), { minLength: 2 });
    const end = fc.constantFrom('\n', '\r', '\r\n');
    fc.assert(
      fc.property(lines, end, fc.boolean(), (each, between, isEnded) => {
        const pasted = each.join(between) + (isEnded ? between : '');
        expect(readPaste(pasted)).toEqual({ kind: 'lines', lines: each });
      }),
    );
  });
});

import { describe, expect, it } from 'vitest';
import { readFrame, requestOf } from './request.ts';

/** Returns the request in a frame of these bytes. */
function read(hex: string) {
  return requestOf(readFrame(Buffer.from(hex.replaceAll(' ', ''), 'hex')));
}

describe('a frame of a Converse stream', () => {
  it('asks for the operation that its field has the number of', () => {
    expect(read('0a 03 0a 01 61')).toEqual({ operation: 1, username: 'a' });
    expect(read('12 03 0a 01 61')).toEqual({ operation: 2, username: 'a' });
    expect(read('1a 03 0a 01 61')).toEqual({ operation: 3, query: 'a' });
    expect(read('22 09 0a 01 61 12 01 62 1a 01 63')).toEqual({
      operation: 4,
      sender: 'a',
      recipient: 'b',
      body: 'c',
    });
    expect(read('2a 03 0a 01 61')).toEqual({ operation: 5, username: 'a' });
    expect(read('32 03 0a 01 61')).toEqual({ operation: 6, username: 'a' });
    expect(read('42 02 10 07')).toEqual({ operation: 8, count: 7 });
  });

  it('means what its fields mean when they are left out', () => {
    expect(read('0a 00')).toEqual({ operation: 1, username: '' });
    expect(read('1a 00')).toEqual({ operation: 3, query: '' });
    expect(read('22 00')).toEqual({ operation: 4, sender: '', recipient: '', body: '' });
    expect(read('42 00')).toEqual({ operation: 8, count: 0 });
  });

  it('asks for the last of several operations', () => {
    expect(read('0a 03 0a 01 61 1a 03 0a 01 62')).toEqual({ operation: 3, query: 'b' });
  });

  it('keeps a count that is too large above every count that is not', () => {
    const { count } = read('42 0b 10 ff ff ff ff ff ff ff ff ff 01') as { count: number };
    expect(count).toBeGreaterThan(Number.MAX_SAFE_INTEGER);
  });

  for (const [name, hex] of [
    ['no bytes', ''],
    ['the number that was quit', '3a 03 0a 01 61'],
    ['a number that no operation has', '7a 03 0a 01 61'],
    ['bytes that are no message', '0a 03 0a 02 61'],
  ] as const) {
    it(`asks for nothing that there is: ${name}`, () => {
      expect(read(hex)).toMatchObject({ operation: 'broken' });
    });
  }
});

import { describe, expect, it } from 'vitest';
import { RequestReader } from './request.ts';

/** Returns the request in a frame of these bytes. */
function read(hex: string) {
  return readAll(hex)[0];
}

/** Returns the requests in a message of these bytes. */
function readAll(hex: string) {
  const reader = new RequestReader();
  const requests = [reader.read(Buffer.from(hex.replaceAll(' ', ''), 'hex'))];
  for (let next = reader.next(); next; next = reader.next()) requests.push(next);
  return requests;
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

describe('a batch on a Converse stream', () => {
  it('asks for what its frames ask for, in their order', () => {
    expect(readAll('c2 3e 0e 0a 06 1a 04 0a 02 61 2a 0a 04 42 02 10 03')).toEqual([
      { operation: 3, query: 'a*' },
      { operation: 8, count: 3 },
    ]);
  });

  it('asks for what a good frame beside a bad one asks for', () => {
    // The second is no message, the third a batch.
    expect(
      readAll('c2 3e 15 0a 02 1a 00 0a 02 1a 05 0a 07 c2 3e 04 0a 02 1a 00 0a 02 1a 00'),
    ).toEqual([
      { operation: 3, query: '' },
      expect.objectContaining({ operation: 'broken' }),
      expect.objectContaining({ operation: 'broken' }),
      { operation: 3, query: '' },
    ]);
  });

  it('asks for nothing that there is when it is none', () => {
    expect(readAll('c2 3e 00')).toEqual([expect.objectContaining({ operation: 'broken' })]);
    expect(readAll('c2 3e 06 0a 02 1a 00 10 01')).toEqual([
      expect.objectContaining({ operation: 'broken' }),
    ]);
  });
});

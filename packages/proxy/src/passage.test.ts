import { expect, test } from 'vitest';
import { HeldChunks } from './passage.ts';

test('gives back the pushed bytes, in order, in pieces of at most the length that is asked for', () => {
  const held = new HeldChunks();
  held.push(1, Buffer.from('abcde'));
  held.push(2, Buffer.from('fg'));
  held.push(3, undefined);
  const taken: (string | undefined)[] = [];
  while (held.first !== undefined) taken.push(held.take(2)?.toString());
  expect(taken).toEqual(['ab', 'cd', 'e', 'fg', undefined]);
});

test('knows when the first chunk arrived, also after a part of it has gone', () => {
  const held = new HeldChunks();
  held.push(1, Buffer.from('ab'));
  held.push(2, Buffer.from('c'));
  held.take(1);
  expect(held.first?.arrivedAtMs).toBe(1);
  held.take(1);
  expect(held.first?.arrivedAtMs).toBe(2);
});

test('counts the memory of bytes and chunks, and none once all are taken or cleared', () => {
  const held = new HeldChunks();
  held.push(1, Buffer.alloc(1000));
  const one = held.weightBytes;
  expect(one).toBeGreaterThan(1000);
  held.take(400);
  expect(held.weightBytes).toBe(one - 400);
  held.take(600);
  expect(held.weightBytes).toBe(0);
  held.push(1, Buffer.alloc(10));
  held.push(1, undefined);
  held.clear();
  expect([held.weightBytes, held.first]).toEqual([0, undefined]);
});

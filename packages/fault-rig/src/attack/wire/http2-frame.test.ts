import { expect, test } from 'vitest';
import { callHeaders, indexed, kept, literal } from './hpack.ts';
import {
  field,
  frame,
  grpcMessage,
  headersFrame,
  settingsFrame,
  windowUpdateFrame,
} from './http2-frame.ts';

const hex = (bytes: Buffer) => bytes.toString('hex');

test('writes the frames of RFC 9113', () => {
  expect(hex(frame(0x6, 0, 0, Buffer.alloc(8)))).toBe('0000080600000000000000000000000000');
  expect(hex(windowUpdateFrame(5, 1))).toBe('00000408000000000500000001');
  expect(hex(settingsFrame(0))).toBe('000006040000000000000400000000');
  expect(hex(headersFrame(1, indexed(3), true))).toBe('00000101050000000183');
});

test('writes the headers of RFC 7541', () => {
  // C.1.2: a number that does not fit in its prefix.
  expect(hex(indexed(62))).toBe('be');
  expect(hex(indexed(127))).toBe('ff00');
  expect(hex(indexed(1337 + 96))).toBe('ff9a0a');
  // C.2.1 and C.2.2, the latter with a name of its own.
  expect(hex(kept('custom-key', 'custom-header'))).toBe(
    '400a637573746f6d2d6b65790d637573746f6d2d686561646572',
  );
  expect(hex(literal('a', 'b'))).toBe('0001610162');
  expect(hex(callHeaders('/x'))).toMatch(/^838604022f78/);
});

test('writes gRPC messages', () => {
  expect(hex(grpcMessage(field(1, 'bob')))).toBe('00000000050a03626f62');
});

import { describe, expect, it } from 'vitest';
import { WireError } from '../dissector.ts';
import { Tally } from '../tally.ts';
import { dissectHttp1 } from './connection.ts';

const request =
  'POST /search HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\nContent-Length: 17\r\n\r\n{"query":"alice"}';
const head = request.indexOf('{');

function dissect(...chunks: readonly string[]) {
  const tally = new Tally();
  const dissector = dissectHttp1(Tally.annotators(() => tally)).sent;
  for (const chunk of chunks) dissector.push(Buffer.from(chunk, 'latin1'));
  return { layers: tally.layers, pendingBytes: dissector.pendingBytes };
}

const once = {
  content: { sent: 5, received: 0 },
  http1: { sent: head, received: 0 },
  json: { sent: 12, received: 0 },
};

describe('HTTP/1.1 with JSON', () => {
  it('has heads, JSON, and the strings that are values', () => {
    expect(dissect(request)).toEqual({ layers: once, pendingBytes: 0 });
  });

  it('is the same however it is cut', () => {
    expect(dissect(...request)).toEqual({ layers: once, pendingBytes: 0 });
    const { layers } = dissect(request + request);
    expect(layers.content).toEqual({ sent: 10, received: 0 });
  });

  it('counts what is not complete as pending', () => {
    expect(dissect(request.slice(0, 20))).toEqual({ layers: {}, pendingBytes: 20 });
    expect(dissect(request.slice(0, -1)).pendingBytes).toBe(16);
  });

  it('may have no body', () => {
    expect(dissect('GET / HTTP/1.1\r\n\r\nGET / HTTP/1.1\r\n\r\n').layers).toEqual({
      http1: { sent: 36, received: 0 },
    });
  });

  it('is refused with a body that is no UTF-8, whose bytes would be counted as others', () => {
    expect(() => dissect('POST / HTTP/1.1\r\ncontent-length: 3\r\n\r\n"\xff"')).toThrow(WireError);
  });

  it.each([
    ['a body without a length', 'POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n'],
    ['a body that is no JSON', 'POST / HTTP/1.1\r\ncontent-length: 3\r\n\r\n{"a'],
  ])('is refused with %s', (_what, text) => {
    expect(() => dissect(text)).toThrow(WireError);
  });
});

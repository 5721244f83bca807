import { describe, expect, it } from 'vitest';
import { Tally } from '../tally.ts';
import { dissectWebSocket } from './connection.ts';

const upgrade = 'GET / HTTP/1.1\r\nUpgrade: websocket\r\n\r\n';
const head = { http1: { sent: upgrade.length, received: 0 } };

function dissect(bytes: Buffer, chunkBytes: number) {
  const tally = new Tally();
  const dissector = dissectWebSocket(Tally.annotators(() => tally)).sent;
  const all = Buffer.concat([Buffer.from(upgrade, 'latin1'), bytes]);
  for (let at = 0; at < all.length; at += chunkBytes) {
    dissector.push(all.subarray(at, at + chunkBytes));
  }
  return { layers: tally.layers, pendingBytes: dissector.pendingBytes };
}

const hex = (text: string, ...more: readonly Buffer[]) =>
  Buffer.concat([Buffer.from(text.replaceAll(' ', ''), 'hex'), ...more]);

describe.each([1, 3, 1_000_000])('WebSocket in chunks of %i bytes', (chunkBytes) => {
  it.each([
    // RFC 6455, section 5.7.
    ['an unmasked text', hex('81 05 48 65 6c 6c 6f'), 2, 5],
    ['a masked text', hex('81 85 37 fa 21 3d 7f 9f 4d 51 58'), 6, 5],
    ['256 bytes of binary data', hex('82 7e 01 00', Buffer.alloc(256)), 4, 256],
    ['64 KiB of it', hex('82 7f 00 00 00 00 00 01 00 00', Buffer.alloc(65_536)), 10, 65_536],
    ['fragments', hex('01 03 48 65 6c 80 02 6c 6f'), 4, 5],
  ])('has the header and the payload of %s', (_what, bytes, header, payload) => {
    expect(dissect(bytes, chunkBytes)).toEqual({
      layers: {
        ...head,
        webSocket: { sent: header, received: 0 },
        content: { sent: payload, received: 0 },
      },
      pendingBytes: 0,
    });
  });

  it('counts control frames as its own, whatever they carry', () => {
    expect(dissect(hex('88 82 00 00 00 00 03 e8'), chunkBytes).layers).toEqual({
      ...head,
      webSocket: { sent: 8, received: 0 },
    });
  });

  it('counts a frame that is not complete as pending', () => {
    expect(dissect(hex('81 05 48'), chunkBytes)).toEqual({ layers: head, pendingBytes: 3 });
  });
});

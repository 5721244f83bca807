import { once } from 'node:events';
import { connect, createServer } from 'node:http2';
import type { AddressInfo } from 'node:net';
import fc from 'fast-check';
import { expect, onTestFinished, test } from 'vitest';
import { dissectHttp2, opaqueBodies } from '../src/bytes/dissect/http2/connection.ts';
import { Tally } from '../src/bytes/dissect/tally.ts';
import { quiet, WireTap } from '../src/bytes/record/tap.ts';

/** A server of node:http2 that answers every request with its own headers; a tap before it. */
async function serveHttp2(): Promise<WireTap> {
  const server = createServer();
  server.on('stream', (stream, { text, word }) => {
    stream.respond({ text, word });
    stream.end();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  const tap = await WireTap.open('127.0.0.1', (server.address() as AddressInfo).port);
  onTestFinished(() => tap.close());
  return tap;
}

test('reads the headers that nghttp2 writes, whatever their text', async () => {
  const tap = await serveHttp2();
  const session = connect(`http://${tap.host}:${tap.port}`);
  onTestFinished(() => session.destroy());
  // Texts that Huffman's code makes shorter have it, so that rare characters are written with it too;
  // words are few, so that they are found in the table, which texts drive them out of.
  const character = fc
    .integer({ min: 0x21, max: 0xff })
    .filter((code) => code < 0x7f || code > 0xa0);
  const text = fc
    .array(character, { maxLength: 60, size: 'max' })
    .map((codes) => `${'a'.repeat(40)}${String.fromCharCode(...codes)}a`);
  const headers = fc.record({ text, word: fc.constantFrom('one', 'two', 'three', 'four') });
  const asked = fc.sample(headers, 300);
  for (const { text, word } of asked) {
    const stream = session.request({ ':path': '/', text, word });
    stream.resume();
    await once(stream, 'close');
  }
  await quiet([tap]);

  const found = { sent: [] as string[], received: [] as string[] };
  const dissector = dissectHttp2(
    Tally.annotators(() => new Tally()),
    opaqueBodies,
    (way, { name, value }) => {
      if (name === 'text' || name === 'word') found[way].push(value);
    },
  );
  for (const { direction, bytes } of tap.take()) {
    dissector[direction === 'toServer' ? 'sent' : 'received'].push(bytes);
  }
  const expected = asked.flatMap(({ text, word }) => [text, word]);
  expect(found.sent).toEqual(expected);
  expect(found.received).toEqual(expected);
});

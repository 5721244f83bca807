import { loadMessageService } from '@tandem/protos';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hex, runs } from '../../../../test/wire-chunks.ts';
import { WireError } from '../dissector.ts';
import { Tally } from '../tally.ts';
import { messageShape } from './contract.ts';
import { annotateMessage } from './protobuf.ts';

function layersOf(name: string, bytes: Buffer) {
  const tally = new Tally();
  annotateMessage(messageShape(name), bytes, Tally.annotators(() => tally).sent);
  return Object.fromEntries(Object.entries(tally.layers).map(([layer, { sent }]) => [layer, sent]));
}

describe('annotateMessage', () => {
  it.each([
    ['UsernameRequest', '0a 05 61 6c 69 63 65', { protobuf: 2, content: 5 }],
    ['UsernameRequest, acknowledging', '0a 03 62 6f 62 10 01', { protobuf: 4, content: 3 }],
    ['StatusCodeResponse', '08 18', { protobuf: 2 }],
    ['StatusCodeResponse of two bytes', '08 80 01', { protobuf: 3 }],
    ['MessageRequest', '0a 01 61 12 01 62 1a 02 68 69', { protobuf: 6, content: 4 }],
    ['ClientFrame with a login', '12 03 0a 01 61', { protobuf: 4, content: 1 }],
    ['ServerFrame with a message', '08 20 12 07 0a 01 61 12 02 68 69', { protobuf: 8, content: 3 }],
    ['SearchResponse with two names', '08 10 12 01 78 12 01 79', { protobuf: 6, content: 2 }],
    ['AcknowledgeRequest', '0a 01 61 10 c8 01', { protobuf: 5, content: 1 }],
    ['UsernameRequest, empty', '', {}],
  ])('takes a %s apart', (title, bytes, layers) => {
    expect(layersOf(title.split(/[ ,]/, 1)[0] as string, hex(bytes))).toEqual(layers);
  });

  it.each([
    ['08 18', 'status_code 24: delivered'],
    ['08 e7 07', 'status_code 999'],
  ])('says what status the bytes %s are', (bytes, meaning) => {
    const tally = new Tally();
    const { received } = Tally.annotators(() => tally);
    annotateMessage(messageShape('StatusCodeResponse'), hex(bytes), received);
    expect(tally.annotations.received.map((one) => one.meaning)).toContain(meaning);
  });

  it.each([
    ['a tag without a value', '0a'],
    ['a text that is cut off', '0a 05 61'],
    ['a number that is cut off', '10 80'],
    ['a number without end', '10 80 80 80 80 80 80 80 80 80 80 01'],
    ['a text that is longer than any', '0a ff ff ff ff ff ff ff ff ff 01'],
    ['a field that is not in the contract', '1a 01 61'],
    ['a field that has another type', '08 01'],
    ['the field 0', '00 01'],
  ])('refuses %s', (_, bytes) => {
    expect(() => layersOf('UsernameRequest', hex(bytes))).toThrow(WireError);
  });

  it('refuses a message inside that is longer than its own length', () => {
    expect(() => layersOf('ClientFrame', hex('0a 02 0a 05 61 6c 69 63 65'))).toThrow(WireError);
  });

  it('finds the texts in what the contract writes, and a place for every byte', () => {
    const { Converse } = loadMessageService();
    const text = fc.string({ unit: 'grapheme-ascii', minLength: 1, maxLength: 200 });
    const message = fc.record({ sender: text, body: text });
    const frame = fc.record({
      statusCode: fc.integer({ min: 1, max: 2 ** 31 - 1 }),
      messages: fc.array(message, { maxLength: 20 }),
      results: fc.array(text, { maxLength: 20 }),
    });
    fc.assert(
      fc.property(frame, (frame) => {
        const bytes = Converse.responseSerialize(frame);
        const texts = [
          ...frame.messages.flatMap(({ sender, body }) => [sender, body]),
          ...frame.results,
        ];
        const content = texts.join('').length;
        const layers = layersOf('ServerFrame', bytes);
        expect(layers.content ?? 0).toBe(content);
        expect(layers.protobuf).toBe(bytes.length - content);
      }),
      runs,
    );
  });

  it('finds a place for every byte of arbitrary ones, or refuses them', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 12 }), (bytes) => {
        const tally = new Tally();
        try {
          annotateMessage(
            messageShape('ServerFrame'),
            Buffer.from(bytes),
            Tally.annotators(() => tally).sent,
          );
        } catch (error) {
          expect(error).toBeInstanceOf(WireError);
          return;
        }
        expect(tally.total.sent).toBe(bytes.length);
      }),
      { ...runs, numRuns: 2_000 },
    );
  });
});

import { Metadata } from '@grpc/grpc-js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { batchFramesMax, batchFramesOf, batchMetadata, framesOf } from './batch.ts';
import type { ClientFrame } from './generated/ClientFrame.ts';
import { loadMessageService } from './loader.ts';

const { requestSerialize: write } = loadMessageService().Converse;

const bytes = (hex: string): Buffer => Buffer.from(hex.replaceAll(' ', ''), 'hex');

describe('the metadata of who takes batches', () => {
  it('says how many frames one may have', () => {
    expect(batchFramesOf(batchMetadata())).toBe(64);
  });

  for (const [said, frames] of [
    ['2', 2],
    ['63', 63],
    ['1000', 64],
    ['1', 1],
    ['0', 1],
    ['-1', 1],
    ['many', 1],
    ['', 1],
    ['10000', 1],
  ] as const) {
    it(`allows ${frames} where it says "${said}"`, () => {
      const metadata = new Metadata();
      metadata.set('batch-frames-max', said);
      expect(batchFramesOf(metadata)).toBe(frames);
    });
  }

  it('allows one where it says nothing', () => {
    expect(batchFramesOf(new Metadata())).toBe(1);
  });
});

describe('the frames of a batch', () => {
  const text = fc.string({ maxLength: 20 });
  const frame: fc.Arbitrary<ClientFrame> = fc.oneof(
    text.map((query) => ({ search: { query } })),
    fc.record({ sender: text, recipient: text, body: text }).map((send) => ({ send })),
    fc.nat().map((count) => ({ acknowledge: { count } })),
    fc.constant({}),
  );

  it('are those that were written, in their order', () => {
    const frames = fc.array(frame, { minLength: 1, maxLength: batchFramesMax });
    fc.assert(
      fc.property(frames, (frames) => {
        expect(framesOf(write({ batch: { frames } }))).toEqual(frames.map(write));
      }),
    );
  });

  it('are some of its bytes, or none are returned, whatever the bytes are', () => {
    const anything = fc
      .uint8Array({ maxLength: 40 })
      .map((rest) => Buffer.from([0xc2, 0x3e, ...rest]));
    fc.assert(
      fc.property(anything, (message) => {
        const frames = framesOf(message);
        if (frames === undefined) return;
        expect(frames.length).toBeGreaterThan(0);
        expect(Buffer.concat(frames).length).toBeLessThan(message.length);
      }),
      { numRuns: 2_000 },
    );
  });

  for (const [name, hex] of [
    ['it is empty', 'c2 3e 00'],
    ['it is cut off', 'c2 3e 04 0a 02 1a'],
    ['a frame is longer than it', 'c2 3e 02 0a 05 1a 00 1a 00 1a'],
    ['it has another field', 'c2 3e 06 0a 02 1a 00 10 01'],
    ['its frames have another type', 'c2 3e 02 08 01'],
    ['there are two', 'c2 3e 04 0a 02 1a 00 c2 3e 04 0a 02 1a 00'],
    ['a request stands beside it', 'c2 3e 04 0a 02 1a 00 1a 00'],
    ['its length has no end', 'c2 3e ff ff ff ff ff ff ff ff ff ff 01'],
  ] as const) {
    it(`are not returned when ${name}`, () => {
      expect(framesOf(bytes(hex))).toBeUndefined();
    });
  }

  it('are not returned when there are more than one may have', () => {
    const search = { search: { query: 'a' } };
    expect(framesOf(write({ batch: { frames: Array(64).fill(search) } }))).toHaveLength(64);
    expect(framesOf(write({ batch: { frames: Array(65).fill(search) } }))).toBeUndefined();
  });
});

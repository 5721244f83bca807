import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hex, runs } from '../../../test/chunks.ts';
import { ReceiveBuffer } from './receive-buffer.ts';

describe('ReceiveBuffer', () => {
  it('reads bytes, numbers and text across chunks', () => {
    const received = new ReceiveBuffer();
    received.push(hex('09 01'));
    received.push(hex('02 61 ff'));
    expect(received.length).toBe(5);
    expect(received.byteAt(0)).toBe(9);
    expect(received.u16At(1)).toBe(0x0102);
    expect(received.textAt(3, 2)).toBe('a\u00ff');
    received.consume(3);
    expect(received.length).toBe(2);
    expect(received.byteAt(0)).toBe(0x61);
  });

  it('holds no memory for nothing', () => {
    const received = new ReceiveBuffer();
    received.push(Buffer.alloc(65_536));
    received.consume(65_536);
    received.keep();
    expect(received.capacity).toBe(0);
  });

  it('copies what it keeps, so that the chunk can be used again', () => {
    const received = new ReceiveBuffer();
    const chunk = Buffer.from('xab');
    received.push(chunk);
    received.consume(1);
    received.keep();
    chunk.fill(0);
    expect(received.textAt(0, 2)).toBe('ab');
    expect(received.capacity).toBe(64);
    received.consume(2);
    const later = Buffer.from('cdef');
    received.push(later);
    received.keep();
    later.fill(0);
    expect(received.textAt(0, 4)).toBe('cdef');
  });

  it('gives the memory of a read back though the read was joined to an incomplete frame', () => {
    const received = new ReceiveBuffer();
    received.push(Buffer.from('a'));
    received.keep();
    received.push(Buffer.alloc(65_536, 'b'));
    received.consume(65_534);
    received.keep();
    expect(received.textAt(0, received.length)).toBe('bbb');
    expect(received.capacity).toBe(64);
  });

  it('does not copy all that waits at every byte that comes', () => {
    const received = new ReceiveBuffer();
    const capacities = new Set<number>();
    for (let byte = 0; byte < 65_538; byte++) {
      received.push(Buffer.of(byte & 0xff));
      received.keep();
      capacities.add(received.capacity);
    }
    expect(capacities.size).toBeLessThanOrEqual(12);
    expect(received.byteAt(65_537)).toBe(1);
  });

  it('behaves as one long run of bytes does, whatever is done to it', () => {
    const step = fc.oneof(
      { weight: 3, arbitrary: fc.uint8Array({ maxLength: 300, size: 'max' }) },
      { weight: 3, arbitrary: fc.nat({ max: 300 }) },
      { weight: 1, arbitrary: fc.constant('keep' as const) },
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60, size: 'max' }), (steps) => {
        const received = new ReceiveBuffer();
        let model = Buffer.alloc(0);
        for (const step of steps) {
          if (step === 'keep') {
            received.keep();
            expect(received.capacity).toBeLessThanOrEqual(Math.max(64, 4 * model.length));
          } else if (typeof step === 'number') {
            const length = Math.min(step, model.length);
            received.consume(length);
            model = model.subarray(length);
          } else {
            // Now alone, now between bytes of others.
            const chunk = Buffer.concat([Buffer.of(1), step, Buffer.of(2, 3)]);
            if (step.length % 2 === 0) received.push(Buffer.from(step));
            else received.push(chunk, 1, 1 + step.length);
            model = Buffer.concat([model, step]);
          }
          expect(received.length).toBe(model.length);
          expect(received.textAt(0, received.length)).toBe(model.toString('latin1'));
          if (model.length > 1) expect(received.u16At(0)).toBe(model.readUInt16BE(0));
        }
      }),
      runs,
    );
  });
});

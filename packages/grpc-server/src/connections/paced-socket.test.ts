import { once } from 'node:events';
import { constants, performServerHandshake } from 'node:http2';
import { Duplex } from 'node:stream';
import type { DeferredWork, Origin } from '@tandem/chat';
import { acceptedSocket } from '@tandem/core/testing/accepted-socket';
import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { PacedSocket } from './paced-socket.ts';

const preface = Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n');
const emptySettings = Buffer.from([0, 0, 0, 4, 0, 0, 0, 0, 0]);
const [data, headers] = [0, 1];

function frame(type: number, payloadBytes: number, flags = 0): Buffer {
  const bytes = Buffer.alloc(9 + payloadBytes, 0xaa);
  bytes.writeUIntBE(payloadBytes, 0, 3);
  bytes[3] = type;
  bytes[4] = flags;
  return bytes;
}

/** A scheduler whose turns come when the test says so. */
class ManualScheduler {
  hasTime = true;
  crowded = false;
  units = 0;
  readonly waiting = new Set<() => void>();

  get isFree(): boolean {
    return this.hasTime && !this.crowded;
  }

  charge(units: number): void {
    this.units += units;
  }

  defer(_origin: Origin, work: () => void): DeferredWork {
    this.waiting.add(work);
    return { cancel: () => this.waiting.delete(work) };
  }

  next(): void {
    const [work] = this.waiting;
    this.waiting.delete(work as () => void);
    work?.();
  }
}

/** The TCP side: gives what a test puts in, keeps what is written. */
class Wire extends Duplex {
  readonly written: Buffer[] = [];
  taken = Number.POSITIVE_INFINITY;
  takesEnd = true;

  override _read(): void {}

  override _write(bytes: Buffer, _encoding: string, done: () => void): void {
    this.written.push(bytes);
    if (this.written.length <= this.taken) done();
  }

  /** Its end may take time, as that of TCP does. */
  override _final(done: () => void): void {
    if (this.takesEnd) done();
  }
}

function pacedWire(options: { readonly reads?: boolean } = {}) {
  return pacedOver(new Wire().pause(), options);
}

function pacedOver<Under extends Duplex>(wire: Under, { reads = true } = {}) {
  const scheduler = new ManualScheduler();
  let accounted = 0;
  const account = {
    charge: (bytes: number) => {
      accounted += bytes;
    },
    give: (bytes: number) => {
      accounted -= bytes;
    },
  };
  const tooLong = vi.fn();
  const options = { scheduler, origin: { address: '' }, account, headersTooLong: tooLong };
  const socket = new PacedSocket(wire, options);
  let read = Buffer.alloc(0);
  let ended = false;
  if (reads) {
    socket.on('data', (bytes) => {
      read = Buffer.concat([read, bytes]);
    });
  }
  socket.on('end', () => {
    ended = true;
  });
  return {
    scheduler,
    wire,
    socket,
    read: () => read,
    hasEnded: () => ended,
    accounted: () => accounted,
    settled: () => new Promise((resolve) => setImmediate(resolve)),
    tooLong,
  };
}

describe('what comes through a paced socket', () => {
  it('is what was sent, in whatever pieces, turns and order of frames', async () => {
    const frames = fc.array(fc.tuple(fc.constantFrom(0, 1, 3, 6, 9, 0x77), fc.nat(400)), {
      maxLength: 40,
    });
    const cuts = fc.array(fc.integer({ min: 1, max: 300 }), { minLength: 1 });
    await fc.assert(
      fc.asyncProperty(frames, cuts, fc.nat(12), async (some, lengths, lost) => {
        const all = Buffer.concat([preface, ...some.map(([type, bytes]) => frame(type, bytes))]);
        // The last frame may be cut short.
        const sent = all.subarray(0, all.length - lost);
        const { scheduler, wire, read, hasEnded, accounted, settled } = pacedWire();
        // A part of a frame's header says nothing.
        const isThere = () => sent.length - read().length < 9;
        for (let at = 0, i = 0; at < sent.length; i++) {
          const piece = sent.subarray(at, at + (lengths[i % lengths.length] as number));
          at += piece.length;
          scheduler.crowded = i % 2 === 0;
          wire.push(piece);
          await settled();
          scheduler.next();
        }
        scheduler.crowded = false;
        wire.push(null);
        for (let i = 0; i < 100 && !isThere(); i++) {
          await settled();
          scheduler.next();
        }
        expect(isThere() && sent.indexOf(read()) === 0).toBe(true);
        expect([hasEnded(), accounted()]).toEqual([false, 0]);
      }),
      { numRuns: 50 },
    );
  });

  it.each([
    ['calls', headers, 4],
    ['resets', 3, 4],
    ['other frames', 8, 16],
    ['messages', data, 16],
  ])('is a few frames in a turn, once others wait: %s', async (_, type, perTurn) => {
    const { scheduler, wire, read, settled } = pacedWire();
    await settled();
    scheduler.crowded = true;
    wire.push(Buffer.concat([preface, ...Array.from({ length: 100 }, () => frame(type, 20))]));
    await settled();
    expect(read()).toHaveLength(0);
    for (let turn = 1; turn <= 3; turn++) {
      scheduler.next();
      expect(read()).toHaveLength(preface.length + turn * perTurn * 29);
      expect(scheduler.units).toBe(turn * 16);
    }
  });

  it('is not read on from the system while some of it waits, and is paid for', async () => {
    const { scheduler, wire, read, accounted, settled } = pacedWire();
    await settled();
    scheduler.hasTime = false;
    const first = Buffer.concat([preface, frame(headers, 20)]);
    wire.push(first);
    await settled();
    expect([wire.isPaused(), accounted()]).toEqual([true, first.length]);
    scheduler.next();
    expect([wire.isPaused(), accounted()]).toEqual([true, 0]);
    expect(read().equals(first)).toBe(true);
    // Nor while others wait for the turn.
    scheduler.next();
    expect(wire.isPaused()).toBe(false);
  });

  it.each([
    ['one frame that is full', [[headers, 16_384, 4]], 0],
    [
      'a call after a call',
      [
        [headers, 16_384, 4],
        [headers, 16_384, 4],
      ],
      0,
    ],
    [
      'headers in two frames that end',
      [
        [headers, 9_000, 0],
        [9, 9_000, 4],
      ],
      0,
    ],
    [
      'more than any call has, without an end',
      [
        [headers, 16_384, 0],
        [9, 1, 0],
      ],
      1,
    ],
    ['the same in short frames', [[headers, 1, 0], ...Array(20).fill([9, 1_000, 0])], 1],
  ] as const)('ends the connection for headers that are too long: %s', async (_, frames, times) => {
    const { scheduler, wire, read, settled, tooLong, accounted } = pacedWire();
    const sent = Buffer.concat([
      preface,
      ...frames.map((some) => frame(...(some as [number, number, number]))),
    ]);
    wire.push(sent);
    for (let turn = 0; turn < 9; turn++) {
      await settled();
      scheduler.next();
      if (times === 0) expect(tooLong).not.toHaveBeenCalled();
    }
    expect(tooLong).toHaveBeenCalledTimes(times);
    if (times > 0) expect(read().length).toBeLessThanOrEqual(preface.length + 16_384 + 20 * 9);
    expect(accounted()).toBe(0);
  });

  it('says how much waits, which nobody has seen yet', async () => {
    const { scheduler, wire, socket, settled } = pacedWire();
    await settled();
    scheduler.crowded = true;
    const all = Buffer.concat([preface, frame(data, 50), frame(data, 50).subarray(0, 5)]);
    wire.push(all);
    await settled();
    expect(socket.waitingBytes).toBe(all.length);
    scheduler.next();
    expect(socket.waitingBytes).toBe(5);
  });

  it('waits when nobody takes it', async () => {
    const { scheduler, wire, socket, settled } = pacedWire({ reads: false });
    socket.read(0);
    const some = Buffer.concat(Array.from({ length: 8 }, () => frame(data, 16_000)));
    wire.push(Buffer.concat([preface, some]));
    await settled();
    wire.push(some);
    await settled();
    expect(socket.readableLength).toBe(preface.length + some.length);
    expect([wire.readableLength, scheduler.waiting.size]).toEqual([some.length, 0]);
    socket.resume();
    await settled();
    expect(wire.readableLength).toBe(0);
  });

  it('is forgotten when the socket is gone', async () => {
    const { scheduler, wire, socket, accounted, settled } = pacedWire();
    scheduler.hasTime = false;
    wire.push(Buffer.concat([preface, frame(headers, 20)]));
    await settled();
    socket.destroy();
    await settled();
    expect([scheduler.waiting.size, accounted(), wire.destroyed]).toEqual([0, 0, true]);
  });
});

describe('a paced socket over TCP', () => {
  it('gets a frame of each read at most, in its turn, and all that was sent in the end', async () => {
    const { accepted, client } = await acceptedSocket();
    const { scheduler, socket, read, accounted, settled } = pacedOver(accepted);
    scheduler.crowded = true;
    const frames = Array.from({ length: 60 }, (_, i) => frame(i % 2, 400 * i, 4));
    const sent = Buffer.concat([preface, ...frames]);
    client.write(sent);
    while (read().length < sent.length) {
      await settled();
      scheduler.next();
      expect(socket.waitingBytes).toBeLessThanOrEqual(16_393 + 8);
      expect(accounted()).toBeLessThanOrEqual(socket.waitingBytes);
    }
    expect(read().equals(sent)).toBe(true);
    expect([socket.waitingBytes, accounted()]).toEqual([0, 0]);
  });

  it('ends when its client resets the connection', async () => {
    const { accepted, client } = await acceptedSocket();
    const { scheduler, socket, read, settled } = pacedOver(accepted);
    accepted.on('error', () => {});
    const closed = once(socket, 'close');
    client.write(preface);
    while (read().length < preface.length) {
      await settled();
      scheduler.next();
    }
    client.resetAndDestroy();
    await closed;
    expect(accepted.destroyed).toBe(true);
  });
});

it('lets HTTP/2 write after the client has ended its side, and end in peace', async () => {
  const { wire, socket, settled } = pacedWire({ reads: false });
  wire.takesEnd = false;
  const session = performServerHandshake(socket);
  const errors: Error[] = [];
  session.on('error', (error) => errors.push(error));
  await settled();
  wire.push(Buffer.concat([preface, emptySettings]));
  wire.push(null);
  await once(wire, 'end');
  // All that Node does when it hears of an end.
  for (let turn = 0; turn < 3; turn++) await settled();
  const written = wire.written.length;
  session.ping(() => {});
  await settled();
  expect(wire.written.length).toBeGreaterThan(written);
  session.destroy(undefined, constants.NGHTTP2_ENHANCE_YOUR_CALM);
  await settled();
  // Both sides have ended.
  wire.destroy();
  await once(session, 'close');
  expect(errors).toEqual([]);
});

describe('what is written to a paced socket', () => {
  it('is with the system before the call returns, as long as that takes it', () => {
    const { wire, socket } = pacedWire();
    socket.write('a');
    expect(Buffer.concat(wire.written).toString()).toBe('a');
  });

  it('counts as written when the system has taken it', async () => {
    const { wire, socket, settled } = pacedWire();
    wire.taken = 0;
    let isWritten = false;
    socket.write('a', () => {
      isWritten = true;
    });
    await settled();
    expect(isWritten).toBe(false);
  });

  it('ends the connection at its end', async () => {
    const { wire, socket, settled } = pacedWire();
    socket.end('bye');
    await settled();
    expect([Buffer.concat(wire.written).toString(), wire.writableFinished]).toEqual(['bye', true]);
  });
});

import type { Socket } from 'node:net';
import { Writable } from 'node:stream';
import { MemoryBudget } from '@tandem/core/server';
import { describe, expect, it } from 'vitest';
import { Writer } from './writer.ts';

/** A socket's way out: keeps each write, and takes it when it is told to. */
class Way extends Writable {
  readonly writes: string[] = [];
  readonly #waiting: ((error?: Error) => void)[] = [];
  #takenBytes = 0;

  constructor() {
    super({ highWaterMark: 8 });
    this.on('error', () => {});
  }

  get bytesWritten(): number {
    return this.#takenBytes + this.writableLength;
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, taken: (error?: Error) => void): void {
    this.writes.push(chunk.toString('latin1'));
    this.#waiting.push((error) => {
      this.#takenBytes += error === undefined ? chunk.length : 0;
      taken(error);
    });
  }

  /** The kernel takes what one write had, or fails. */
  async take(error?: Error): Promise<void> {
    this.#waiting.shift()?.(error);
    await turn();
  }
}

function write(writer: Writer, text: string, messages?: number): void {
  writer.write(Buffer.from(text), messages);
}

function writerTo() {
  const way = new Way();
  const accepted: number[] = [];
  let waits = 0;
  const account = new MemoryBudget(10_000_000).open('192.0.2.7');
  const owner = {
    account,
    accepted: (messages: number) => accepted.push(messages),
    waits: () => waits++,
  };
  const writer = new Writer(way as unknown as Socket, owner);
  way.on('drain', () => writer.drain());
  return { way, writer, accepted, account, waits: () => waits };
}

const turn = () => new Promise((resolve) => setImmediate(resolve));

describe('Writer', () => {
  it('makes one write of what is written in one turn', async () => {
    const { way, writer } = writerTo();
    for (const text of ['a', 'b', 'c']) write(writer, text);
    expect(way.writes).toEqual([]);
    await turn();
    expect(way.writes).toEqual(['abc']);
  });

  it('makes another write in the next turn', async () => {
    const { way, writer } = writerTo();
    write(writer, 'a');
    await turn();
    write(writer, 'b');
    await way.take();
    expect(way.writes).toEqual(['a', 'b']);
  });

  it('writes at once when it is flushed, and nothing twice', async () => {
    const { way, writer } = writerTo();
    write(writer, 'a');
    writer.flush();
    writer.flush();
    expect(way.writes).toEqual(['a']);
    await turn();
    await way.take();
    expect(way.writes).toEqual(['a']);
  });

  it('keeps the responses to a read until it is flushed, and nothing of other writers', async () => {
    const { way, writer } = writerTo();
    const other = writerTo();
    expect(writer.resting).toBe(true);
    writer.beginResponses();
    for (const text of ['a', 'b']) write(writer, text);
    write(other.writer, 'c');
    await turn();
    expect([way.writes, other.way.writes]).toEqual([[], ['c']]);
    expect(writer.resting).toBe(false);
    writer.flush();
    expect(way.writes).toEqual(['ab']);
    write(writer, 'd');
    await turn();
    await way.take();
    expect(way.writes).toEqual(['ab', 'd']);
  });

  it('tells its owner when the kernel does not accept everything', async () => {
    const { way, writer, waits } = writerTo();
    write(writer, 'a');
    await turn();
    expect([waits(), writer.waiting]).toEqual([1, true]);
    await way.take();
    expect([waits(), writer.waiting]).toEqual([1, false]);
  });

  it('counts the messages whose bytes the kernel accepted, batch by batch', async () => {
    const { way, writer, accepted } = writerTo();
    write(writer, 'a', 1);
    write(writer, 'b');
    write(writer, 'c', 2);
    await turn();
    write(writer, 'd', 1);
    write(writer, 'e');
    await turn();
    expect(accepted).toEqual([]);
    await way.take();
    expect(accepted).toEqual([3]);
    await way.take();
    expect(accepted).toEqual([3, 1]);
  });

  it('does not count messages whose bytes the kernel refused', async () => {
    const { way, writer, accepted } = writerTo();
    write(writer, 'a', 1);
    await turn();
    await way.take(new Error('reset'));
    expect(accepted).toEqual([]);
  });

  it('knows since when nothing was accepted', async () => {
    const { way, writer } = writerTo();
    write(writer, 'abc');
    await turn();
    expect(writer.stuckMs(1_000)).toBe(0);
    expect(writer.stuckMs(1_500)).toBe(500);
    await way.take();
    expect(writer.stuckMs(2_000)).toBe(0);
    expect(writer.stuckMs(2_100)).toBe(100);
  });

  it('is drained at once while little waits, having written it', async () => {
    const { way, writer } = writerTo();
    write(writer, 'little');
    await writer.drained();
    expect(way.writes).toEqual(['little']);
  });

  it('is drained when the much that waited is accepted', async () => {
    const { way, writer } = writerTo();
    write(writer, 'as much as blocks');
    let drained = false;
    const whenDrained = writer.drained().then(() => {
      drained = true;
    });
    await turn();
    expect([writer.blocked, drained]).toEqual([true, false]);
    await way.take();
    await whenDrained;
    expect(writer.blocked).toBe(false);
  });

  it('fails who waits for it to drain when it is closed', async () => {
    const { way, writer } = writerTo();
    write(writer, 'as much as blocks');
    const drained = writer.drained();
    way.destroy();
    writer.close();
    writer.close();
    await expect(drained).rejects.toThrow('gone');
    await expect(writer.drained()).rejects.toThrow('gone');
  });

  it('fails who makes more for a socket that is destroyed', async () => {
    const { way, writer } = writerTo();
    way.destroy();
    await expect(writer.drained()).rejects.toThrow('gone');
  });

  it('writes nothing when it is closed, nor behind the end of the stream', async () => {
    const { way, writer } = writerTo();
    write(writer, 'a');
    way.destroy();
    writer.close();
    write(writer, 'b');
    await turn();
    expect(way.writes).toEqual([]);
    const other = writerTo();
    other.way.end();
    write(other.writer, 'a');
    await turn();
    expect(other.way.writes).toEqual([]);
  });
});

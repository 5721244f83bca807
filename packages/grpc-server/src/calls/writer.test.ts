import { Metadata, type ServerInterceptor } from '@grpc/grpc-js';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type DirectWriter, DirectWriters, FrameWriter } from './writer.ts';

/** A way out that takes each frame when it is told to. */
class Way implements DirectWriter<unknown> {
  readonly #waiting: (() => void)[] = [];

  write(_frame: unknown, taken: () => void): void {
    this.#waiting.push(taken);
  }

  get length(): number {
    return this.#waiting.length;
  }

  /** Takes the next frame. */
  take(): void {
    this.#waiting.shift()?.();
  }
}

function writerTo() {
  const way = new Way();
  const owner = { drained: vi.fn(), stuck: vi.fn() };
  return { way, ...owner, writer: new FrameWriter(way, 1_000, owner) };
}

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
});

afterEach(() => {
  vi.useRealTimers();
});

describe('what a FrameWriter counts', () => {
  it('is what content weighs and not how many frames have it', async () => {
    const { way, writer, drained } = writerTo();
    writer.write({}, 65_535 - 128);
    expect(writer.blocked).toBe(false);
    writer.write({}, 0);
    expect(writer.blocked).toBe(true);
    way.take();
    expect(writer.blocked).toBe(false);
    expect(drained).toHaveBeenCalledOnce();
  });

  it('is something even for frames without content', () => {
    const { writer } = writerTo();
    for (let i = 0; i < 512; i++) writer.write({}, 0);
    expect(writer.blocked).toBe(false);
    writer.write({}, 0);
    expect(writer.blocked).toBe(true);
  });

  it('is told once, when there is room again', async () => {
    const { way, writer, drained } = writerTo();
    for (let i = 0; i < 4; i++) writer.write({}, 30_000);
    way.take();
    expect(drained).not.toHaveBeenCalled();
    way.take();
    way.take();
    way.take();
    expect(drained).toHaveBeenCalledOnce();
  });
});

describe('drained()', () => {
  it('resolves at once while there is room', async () => {
    await writerTo().writer.drained();
  });

  it('resolves when there is room again', async () => {
    const { way, writer } = writerTo();
    writer.write({}, 70_000);
    const drained = writer.drained();
    way.take();
    await drained;
  });

  for (const end of ['end', 'close'] as const) {
    it(`rejects after ${end}(), and who waits then`, async () => {
      const { writer } = writerTo();
      writer.write({}, 70_000);
      const waiting = writer.drained();
      writer[end]();
      writer[end]();
      await expect(waiting).rejects.toThrow('the client is gone');
      await expect(writer.drained()).rejects.toThrow('the client is gone');
    });
  }
});

describe('a frame that is written', () => {
  it('is accepted when the stream has taken it', async () => {
    const { way, writer } = writerTo();
    const accepted = vi.fn();
    writer.write({}, 1, accepted);
    writer.write({}, 1, accepted);
    expect(accepted).not.toHaveBeenCalled();
    way.take();
    expect(accepted).toHaveBeenCalledOnce();
  });

  it('goes nowhere after the end', () => {
    const { way, writer } = writerTo();
    writer.end();
    writer.write({}, 1);
    expect(way.length).toBe(0);
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe('a stream that does not drain', () => {
  it('is stuck after the drain timeout', () => {
    const { writer, stuck } = writerTo();
    writer.write({}, 1);
    vi.advanceTimersByTime(999);
    writer.write({}, 1);
    expect(stuck).not.toHaveBeenCalled();
    vi.advanceTimersByTime(1);
    expect(stuck).toHaveBeenCalledOnce();
  });

  it('has the whole time again whenever it takes something', async () => {
    const { way, writer, stuck } = writerTo();
    for (let i = 0; i < 3; i++) writer.write({}, 1);
    for (let i = 0; i < 2; i++) {
      vi.advanceTimersByTime(999);
      way.take();
    }
    vi.advanceTimersByTime(999);
    expect(stuck).not.toHaveBeenCalled();
    way.take();
    vi.advanceTimersByTime(1_000);
    expect(stuck).not.toHaveBeenCalled();
    expect(vi.getTimerCount()).toBe(0);
  });

  it('is stuck after the drain timeout of what it did not take, whatever it took before', async () => {
    const { way, writer, stuck } = writerTo();
    writer.write({}, 1);
    way.take();
    vi.advanceTimersByTime(600);
    writer.write({}, 1);
    vi.advanceTimersByTime(999);
    expect(stuck).not.toHaveBeenCalled();
    vi.advanceTimersByTime(1);
    expect(stuck).toHaveBeenCalledOnce();
  });

  it('is stuck even when nothing more is written', async () => {
    const { way, writer, stuck } = writerTo();
    writer.write({}, 1);
    writer.write({}, 1);
    writer.end();
    way.take();
    vi.advanceTimersByTime(1_000);
    expect(stuck).toHaveBeenCalledOnce();
  });

  it('drains as well when nothing more is written, and tells nobody', async () => {
    const { way, writer, drained, stuck } = writerTo();
    writer.write({}, 70_000);
    writer.end();
    way.take();
    vi.advanceTimersByTime(1_000);
    expect(stuck).not.toHaveBeenCalled();
    expect(vi.getTimerCount()).toBe(0);
    expect(drained).not.toHaveBeenCalled();
  });

  it('is not stuck when it is over', () => {
    const { writer } = writerTo();
    writer.write({}, 1);
    writer.close();
    expect(vi.getTimerCount()).toBe(0);
  });
});

type Call = Parameters<ServerInterceptor>[1];
type Listener = Parameters<Call['start']>[0];

/** A call of this method that the writers saw: what it was asked to send, and what its handler heard. */
function callOf(method: { readonly path: string; readonly responseStream: boolean }) {
  const writers = new DirectWriters('Chat');
  const metadata = new Metadata();
  const handler = {
    onReceiveMetadata: vi.fn(),
    onReceiveMessage: vi.fn(),
    onReceiveHalfClose: vi.fn(),
    onCancel: vi.fn(),
  };
  let heard: Listener | undefined;
  const sendMessage = vi.fn();
  const call = { start: (listener: Listener) => (heard = listener), sendMessage };
  writers.interceptor(method as never, call as unknown as Call).start(handler);
  heard?.onReceiveMetadata(metadata);
  return { writers, metadata, handler, heard, sendMessage };
}

const stream = { path: '/Chat/Converse', responseStream: true };

describe('DirectWriters', () => {
  it('hands over all messages of a turn, before any is accepted', () => {
    const { writers, metadata, sendMessage } = callOf(stream);
    const [first, second] = [vi.fn(), vi.fn()];
    const writer = writers.of<string>(metadata);
    writer.write('one', first);
    writer.write('two', second);
    expect(sendMessage.mock.calls).toEqual([
      ['one', first],
      ['two', second],
    ]);
    expect(first).not.toHaveBeenCalled();
  });

  it('lets everything that comes through', () => {
    const { metadata, handler, heard } = callOf(stream);
    heard?.onReceiveMessage('message');
    heard?.onReceiveHalfClose();
    heard?.onCancel();
    expect(handler.onReceiveMetadata).toHaveBeenCalledExactlyOnceWith(metadata);
    expect(handler.onReceiveMessage).toHaveBeenCalledExactlyOnceWith('message');
    expect(handler.onReceiveHalfClose).toHaveBeenCalledOnce();
    expect(handler.onCancel).toHaveBeenCalledOnce();
  });

  it.each([
    { path: '/Chat/Send', responseStream: false },
    { path: '/Health/Watch', responseStream: true },
  ])('has none for $path', (method) => {
    const { writers, metadata, handler, heard } = callOf(method);
    expect(heard).toBe(handler);
    expect(() => writers.of(metadata)).toThrow('did not come by');
  });
});

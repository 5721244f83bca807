import { Metadata } from '@grpc/grpc-js';
import { describe, expect, it, vi } from 'vitest';
import type { CallListener, InterceptedCall } from '../calls/call-hooks.ts';
import { DirectReaders } from './reader.ts';

const path = '/Service/Method';
const turn = () => new Promise((resolve) => setImmediate(resolve));

/** A call of grpc-js that gives a message whenever it is asked for one, and has one. */
class Call {
  readonly #waiting: (string | undefined)[] = [];
  #asked = false;
  listener: CallListener | undefined;

  start(listener: CallListener): void {
    this.listener = listener;
    listener.onReceiveMetadata(new Metadata());
  }

  startRead(): void {
    this.#asked = true;
    this.#give();
  }

  /** Takes messages of the client, undefined for the end of its side. */
  come(...messages: (string | undefined)[]): void {
    this.#waiting.push(...messages);
    this.#give();
  }

  get left(): number {
    return this.#waiting.length;
  }

  #give(): void {
    if (!this.#asked || this.#waiting.length === 0) return;
    this.#asked = false;
    const message = this.#waiting.shift();
    if (message === undefined) this.listener?.onReceiveHalfClose();
    else this.listener?.onReceiveMessage(Buffer.from(message));
  }
}

function readerOf(call: Call) {
  const readers = new DirectReaders(path);
  let metadata = new Metadata();
  const method = { path } as Parameters<typeof readers.interceptor>[0];
  readers.interceptor(method, call as unknown as InterceptedCall);
  call.start({
    onReceiveMetadata: (received) => {
      metadata = received;
    },
    onReceiveMessage: () => {},
    onReceiveHalfClose: () => {},
    onCancel: () => {},
  });
  const reader = readers.of(metadata);
  const read: string[] = [];
  const take = () => {
    for (let next = reader.read(); next !== undefined; next = reader.read()) read.push(`${next}`);
  };
  return { reader, read, take };
}

describe('a direct reader', () => {
  it('tells once of all that has come in a turn, and gives it in order', async () => {
    const call = new Call();
    const { reader, read, take } = readerOf(call);
    const owner = { arrived: vi.fn(take), ended: vi.fn() };
    reader.begin(owner);
    call.come('one', 'two', 'three');
    expect(read).toEqual([]);
    await turn();
    expect(read).toEqual(['one', 'two', 'three']);
    expect(owner.arrived).toHaveBeenCalledOnce();
    call.come('four');
    await turn();
    expect(read).toEqual(['one', 'two', 'three', 'four']);
  });

  it('reads one ahead while nobody takes it', async () => {
    const call = new Call();
    const { reader, read, take } = readerOf(call);
    reader.begin({ arrived: () => {}, ended: () => {} });
    call.come('one', 'two', 'three');
    await turn();
    expect(call.left).toBe(2);
    take();
    expect([read, call.left]).toEqual([['one', 'two', 'three'], 0]);
  });

  it('tells of the end of the other side when all before it was read', async () => {
    const call = new Call();
    const { reader, take } = readerOf(call);
    const owner = { arrived: vi.fn(), ended: vi.fn() };
    reader.begin(owner);
    call.come('one', undefined);
    await turn();
    expect(owner.ended).not.toHaveBeenCalled();
    take();
    await turn();
    expect(owner.ended).toHaveBeenCalledOnce();
  });

  it('gives what had come when it was stopped, and nothing later', async () => {
    const call = new Call();
    const { reader, read, take } = readerOf(call);
    reader.begin({ arrived: () => {}, ended: () => {} });
    call.come('one', 'two');
    reader.stop();
    call.come('three');
    take();
    await turn();
    take();
    expect(read).toEqual(['one', 'two']);
  });

  it('takes what was there when it began', async () => {
    const call = new Call();
    const { reader, read, take } = readerOf(call);
    call.come('one');
    reader.begin({ arrived: take, ended: () => {} });
    await turn();
    expect(read).toEqual(['one']);
  });
});

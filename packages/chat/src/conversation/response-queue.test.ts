import { describe, expect, it } from 'vitest';
import { ResponseQueue } from './response-queue.ts';

type Bytes = Uint8Array | undefined;

function queueOf() {
  const written: string[] = [];
  const owed: number[] = [];
  const queue: ResponseQueue<Uint8Array> = new ResponseQueue<Uint8Array>({
    responseReady: (bytes) => written.push(Buffer.from(bytes).toString('latin1')),
    owesLess: () => owed.push(queue.length),
  });
  return { queue, written, owed };
}

function later() {
  return Promise.withResolvers<Bytes>();
}

const turn = () => new Promise((resolve) => setImmediate(resolve));

describe('ResponseQueue', () => {
  it('writes in the order in which they were owed, however they become ready', async () => {
    const { queue, written } = queueOf();
    const [first, second, third] = [later(), later(), later()];
    for (const { promise } of [first, second, third]) queue.add(promise);
    third.resolve(Buffer.from('3'));
    await turn();
    expect(written).toEqual([]);
    first.resolve(Buffer.from('1'));
    await turn();
    expect(written).toEqual(['1']);
    second.resolve(Buffer.from('2'));
    await turn();
    expect(written).toEqual(['1', '2', '3']);
  });

  it('says nothing in the place of a response without bytes, and does not wait there', async () => {
    const { queue, written } = queueOf();
    queue.add(Promise.resolve(undefined));
    queue.add(Promise.resolve(Buffer.from('2')));
    await turn();
    expect(written).toEqual(['2']);
    expect(queue.length).toBe(0);
  });

  it('tells its owner whenever fewer are owed', async () => {
    const { queue, owed } = queueOf();
    const [first, second] = [later(), later()];
    queue.add(first.promise);
    queue.add(second.promise);
    second.resolve(Buffer.from('2'));
    await turn();
    expect(owed).toEqual([]);
    expect(queue.length).toBe(2);
    first.resolve(Buffer.from('1'));
    await turn();
    expect(owed.at(-1)).toBe(0);
  });

  it('is empty at once when nothing is owed', async () => {
    const { queue } = queueOf();
    await queue.whenEmpty();
    expect(queue.length).toBe(0);
  });

  it('is empty when the last is written, time and again', async () => {
    const { queue, written } = queueOf();
    for (const text of ['1', '2']) {
      const response = later();
      queue.add(response.promise);
      let empty = false;
      const whenEmpty = queue.whenEmpty().then(() => {
        empty = true;
      });
      await turn();
      expect(empty).toBe(false);
      response.resolve(Buffer.from(text));
      await whenEmpty;
      expect(written.at(-1)).toBe(text);
    }
  });

  it('can be owed more by the owner that it tells', async () => {
    const { queue, written } = queueOf();
    queue.add(Promise.resolve(Buffer.from('1')));
    const more = queue.whenEmpty().then(() => queue.add(Promise.resolve(Buffer.from('2'))));
    await more;
    await turn();
    expect(written).toEqual(['1', '2']);
  });
});

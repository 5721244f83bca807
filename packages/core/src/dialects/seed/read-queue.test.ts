import { expect, it } from 'vitest';
import { ReadQueue } from './read-queue.ts';

function queueOf(...reads: string[]): ReadQueue {
  const queue = new ReadQueue();
  for (const read of reads) queue.push(Buffer.from(read));
  return queue;
}

function receiveAll(queue: ReadQueue, bytesMax: number): string[] {
  const received: string[] = [];
  for (let bytes = queue.receive(bytesMax); bytes; bytes = queue.receive(bytesMax)) {
    received.push(bytes.toString());
  }
  return received;
}

it('gives at most what was asked for and leaves the rest', () => {
  expect(receiveAll(queueOf('abcde'), 2)).toEqual(['ab', 'cd', 'e']);
});

it('never joins two reads', () => {
  expect(receiveAll(queueOf('ab', 'c', 'def'), 2)).toEqual(['ab', 'c', 'de', 'f']);
  expect(receiveAll(queueOf('abcde', 'f'), 2)).toEqual(['ab', 'cd', 'e', 'f']);
  expect(receiveAll(queueOf('ab', 'c'), 100)).toEqual(['ab', 'c']);
});

it('takes an empty read for none', () => {
  expect(receiveAll(queueOf('', 'a', ''), 9)).toEqual(['a']);
});

it('has nothing while nothing came', () => {
  expect(new ReadQueue().receive(1)).toBeUndefined();
});

import { describe, expect, it } from 'vitest';
import { Answers } from './response-queue.ts';

type Bytes = Uint8Array | undefined;

function answersOf() {
  const written: string[] = [];
  const owed: number[] = [];
  const answers: Answers<Uint8Array> = new Answers<Uint8Array>({
    answered: (bytes) => written.push(Buffer.from(bytes).toString('latin1')),
    owesLess: () => owed.push(answers.length),
  });
  return { answers, written, owed };
}

function later() {
  return Promise.withResolvers<Bytes>();
}

const turn = () => new Promise((resolve) => setImmediate(resolve));

describe('Answers', () => {
  it('writes in the order in which they were owed, however they become ready', async () => {
    const { answers, written } = answersOf();
    const [first, second, third] = [later(), later(), later()];
    for (const { promise } of [first, second, third]) answers.add(promise);
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

  it('says nothing in the place of an answer without bytes, and does not wait there', async () => {
    const { answers, written } = answersOf();
    answers.add(Promise.resolve(undefined));
    answers.add(Promise.resolve(Buffer.from('2')));
    await turn();
    expect(written).toEqual(['2']);
    expect(answers.length).toBe(0);
  });

  it('tells its owner whenever fewer are owed', async () => {
    const { answers, owed } = answersOf();
    const [first, second] = [later(), later()];
    answers.add(first.promise);
    answers.add(second.promise);
    second.resolve(Buffer.from('2'));
    await turn();
    expect(owed).toEqual([]);
    expect(answers.length).toBe(2);
    first.resolve(Buffer.from('1'));
    await turn();
    expect(owed.at(-1)).toBe(0);
  });

  it('is empty at once when nothing is owed', async () => {
    const { answers } = answersOf();
    await answers.whenEmpty();
    expect(answers.length).toBe(0);
  });

  it('is empty when the last is written, time and again', async () => {
    const { answers, written } = answersOf();
    for (const text of ['1', '2']) {
      const answer = later();
      answers.add(answer.promise);
      let empty = false;
      const whenEmpty = answers.whenEmpty().then(() => {
        empty = true;
      });
      await turn();
      expect(empty).toBe(false);
      answer.resolve(Buffer.from(text));
      await whenEmpty;
      expect(written.at(-1)).toBe(text);
    }
  });

  it('can be owed more by the owner that it tells', async () => {
    const { answers, written } = answersOf();
    answers.add(Promise.resolve(Buffer.from('1')));
    const more = answers.whenEmpty().then(() => answers.add(Promise.resolve(Buffer.from('2'))));
    await more;
    await turn();
    expect(written).toEqual(['1', '2']);
  });
});

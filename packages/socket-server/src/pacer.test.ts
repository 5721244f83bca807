import { describe, expect, it } from 'vitest';
import { Pacer } from './pacer.ts';

const somebody = { address: 'a' };
const turn = () => new Promise((resolve) => setImmediate(resolve));

/** Asks for so many pieces of work, each charged at one of four milliseconds; says which are done. */
function workOf(count: number) {
  const pacer = new Pacer(4);
  const done: number[] = [];
  const results = Array.from({ length: count }, (_, i) =>
    pacer.run(somebody, () => done.push(i), 1),
  );
  return { pacer, done, results };
}

describe('Pacer', () => {
  it('does at once what this turn has time for', () => {
    expect(workOf(3).done).toEqual([0, 1, 2]);
  });

  it('leaves the rest to later turns, a slice to each, in order', async () => {
    const { done } = workOf(10);
    expect(done).toEqual([0, 1, 2, 3]);
    await turn();
    expect(done).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
    await turn();
    expect(done.length).toBe(10);
  });

  it('lets nobody overtake those who wait', async () => {
    const { pacer, done } = workOf(5);
    void pacer.run(somebody, () => done.push(99));
    await turn();
    expect(done).toEqual([0, 1, 2, 3, 4, 99]);
  });

  it('lets addresses take turns, however much one of them asks for', async () => {
    const { pacer, done } = workOf(20);
    void pacer.run({ address: 'b' }, () => done.push(99), 1);
    await turn();
    expect(done.slice(4, 6)).toContain(99);
  });

  it('charges what work takes where that is more', async () => {
    const pacer = new Pacer(1);
    let done = 0;
    const long = () => {
      for (const end = performance.now() + 2; performance.now() < end; );
      done++;
    };
    void pacer.run(somebody, long);
    void pacer.run(somebody, long);
    expect(done).toBe(1);
    await turn();
    expect(done).toBe(2);
  });

  it('gives every slice anew', async () => {
    const pacer = new Pacer(4);
    for (let i = 0; i < 3; i++) {
      let done = 0;
      for (let j = 0; j < 4; j++) void pacer.run(somebody, () => done++, 1);
      expect(done).toBe(4);
      await turn();
    }
  });

  it('resolves with what the work returns or promises', async () => {
    const { pacer, results } = workOf(6);
    const later = pacer.run(somebody, () => Promise.resolve('promised'));
    expect(await Promise.all(results)).toEqual([1, 2, 3, 4, 5, 6]);
    expect(await later).toBe('promised');
  });
});

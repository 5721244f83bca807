import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { runs } from '../test/chunks.ts';
import { Fifo } from './fifo.ts';

describe('Fifo', () => {
  it('gives items back in the order in which they came', () => {
    const fifo = new Fifo<number>();
    fifo.push(1);
    fifo.push(2);
    expect(fifo.peek()).toBe(1);
    expect([fifo.shift(), fifo.shift(), fifo.shift(), fifo.peek()]).toEqual([
      1,
      2,
      undefined,
      undefined,
    ]);
    expect(fifo.length).toBe(0);
  });

  it('behaves as an array does, whatever is done to it', () => {
    // Runs of one action, since what can go wrong needs thousands of items that have left.
    const action = fc.constantFrom('push', 'push', 'shift', 'shift', 'unshift', 'clear');
    const step = fc.tuple(action, fc.integer({ min: 1, max: 3_000 }));
    fc.assert(
      fc.property(fc.array(step, { maxLength: 12, size: 'max' }), (steps) => {
        const fifo = new Fifo<number>();
        const model: number[] = [];
        let item = 0;
        for (const [action, times] of steps) {
          for (let time = 0; time < (action === 'clear' ? 1 : times); time++) {
            if (action === 'push') model.push(++item) && fifo.push(item);
            else if (action === 'unshift') model.unshift(++item) && fifo.unshift(item);
            else if (action === 'clear') clear(fifo, model);
            else if (fifo.shift() !== model.shift()) throw new Error('shift gave another item');
          }
          expect(fifo.length).toBe(model.length);
          expect(fifo.peek()).toBe(model[0]);
        }
        while (model.length > 0) {
          if (fifo.shift() !== model.shift()) throw new Error('shift gave another item');
        }
        expect(fifo.shift()).toBeUndefined();
      }),
      { ...runs, numRuns: 100 },
    );
  });
});

function clear(fifo: Fifo<number>, model: number[]): void {
  fifo.clear();
  model.length = 0;
}

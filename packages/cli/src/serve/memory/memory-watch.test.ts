import { MemoryBudget } from '@tandem/core/server';
import { pino } from 'pino';
import { describe, expect, it } from 'vitest';
import { MemoryWatch } from './memory-watch.ts';

const bytesMax = 800;
const plenty = { ofMachine: 0.5, ofHeap: 0.5 };
const short = 1 / 32;

/** A budget of which connections of 100 bytes hold so much, and the lines that the log gets. */
function watched(bytes: number) {
  const budget = new MemoryBudget(bytesMax);
  const lines: { msg: string; connections: number }[] = [];
  const logger = pino({}, { write: (line) => void lines.push(JSON.parse(line)) });
  for (let held = 0; held < bytes; held += 100) budget.open('somebody').take(100);
  return { budget, lines, watch: new MemoryWatch(budget, logger) };
}

describe('the watch of the memory', () => {
  it('closes nobody while there is memory', () => {
    const { budget, lines, watch } = watched(800);
    watch.look(plenty, 0);
    expect([budget.bytes, budget.shedCount, lines]).toEqual([800, 0, []]);
  });

  it.each([
    { ofMachine: short, ofHeap: 0.5 },
    { ofMachine: 0.5, ofHeap: short },
  ])('closes those who hold a quarter of it when little is free: %o', (free) => {
    const { budget, lines, watch } = watched(800);
    watch.look(free, 0);
    expect([budget.bytes, budget.shedCount]).toEqual([600, 2]);
    expect(lines).toMatchObject([
      { connections: 2, msg: 'connections were closed: others needed the memory' },
    ]);
  });

  it('leaves them alone when they hold a quarter of what they may, or less: it is not theirs', () => {
    const { budget, watch } = watched(200);
    watch.look({ ofMachine: short, ofHeap: short }, 0);
    expect([budget.bytes, budget.shedCount]).toEqual([200, 0]);
  });

  it('tells the log at most every ten seconds, and then of all', () => {
    const { budget, lines, watch } = watched(800);
    budget.shed(100);
    watch.look(plenty, 0);
    budget.shed(100);
    watch.look(plenty, 9_999);
    budget.shed(100);
    watch.look(plenty, 10_000);
    watch.look(plenty, 20_000);
    expect(lines.map(({ connections }) => connections)).toEqual([1, 2]);
  });
});

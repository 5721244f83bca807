import { expect, it } from 'vitest';
import { Turns } from './scheduler.ts';

const turn = () => new Promise((resolve) => setImmediate(resolve));

it('has time until a turn is used up, and again in the next one', async () => {
  const turns = new Turns();
  turns.charge(10_000);
  expect(turns.hasTime).toBe(false);
  await turn();
  expect(turns.hasTime).toBe(true);
});

it('does what waits in later turns, a bit for each connection', async () => {
  const turns = new Turns();
  const [greedy, modest] = [{ address: 'a' }, { address: 'a' }];
  const done: string[] = [];
  const work = (name: string) => () => {
    done.push(name);
    turns.charge(400);
  };
  for (let i = 0; i < 9; i++) turns.wait(greedy, work(`greedy ${i}`));
  turns.wait(modest, work('modest'));
  expect([turns.crowded, done]).toEqual([true, []]);
  await turn();
  expect(done).toEqual(['greedy 0', 'modest', 'greedy 1']);
  while (turns.crowded) await turn();
  expect(done).toHaveLength(10);
});

it('does of what comes for the first time and of what comes again, however many there are', async () => {
  const turns = new Turns();
  const done: string[] = [];
  const work = (name: string) => () => {
    done.push(name);
    turns.charge(100);
  };
  for (const many of ['again', 'first']) {
    for (let i = 0; i < 100; i++) turns.wait({ address: 'a' }, work(many), many === 'again');
    await turn();
    const few = many === 'again' ? 'first' : 'again';
    turns.wait({ address: 'a' }, work(`one ${few}`), few === 'again');
    await turn();
    expect(done).toContain(`one ${few}`);
    while (turns.crowded) await turn();
  }
  expect(done).toHaveLength(202);
});

it('gives those who come for the first time half of the units, however much the others take at once', async () => {
  const turns = new Turns();
  let modest = 0;
  for (let i = 0; i < 100; i++) {
    turns.wait({ address: 'a' }, () => turns.charge(16), true);
    turns.wait({ address: 'a' }, () => {
      modest++;
      turns.charge(4);
    });
  }
  await turn();
  expect(modest).toBeGreaterThanOrEqual(60);
});

it('forgets what is called off', async () => {
  const turns = new Turns();
  const origin = { address: 'a' };
  const work = () => expect.unreachable();
  turns.wait(origin, work);
  turns.cancel(origin, work);
  await turn();
  expect(turns.crowded).toBe(false);
});

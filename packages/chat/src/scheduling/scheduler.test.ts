import { expect, it } from 'vitest';
import { Scheduler } from './scheduler.ts';

const turn = () => new Promise((resolve) => setImmediate(resolve));

it('has time until a turn is used up, and again in the next one', async () => {
  const scheduler = new Scheduler();
  scheduler.charge(10_000);
  expect(scheduler.hasTime).toBe(false);
  await turn();
  expect(scheduler.hasTime).toBe(true);
});

it('does what waits in later turns, a bit for each connection', async () => {
  const scheduler = new Scheduler();
  const [greedy, modest] = [{ address: 'a' }, { address: 'a' }];
  const done: string[] = [];
  const work = (name: string) => () => {
    done.push(name);
    scheduler.charge(200);
  };
  for (let i = 0; i < 9; i++) scheduler.defer(greedy, work(`greedy ${i}`));
  scheduler.defer(modest, work('modest'));
  expect([scheduler.crowded, done]).toEqual([true, []]);
  await turn();
  expect(done).toEqual(['greedy 0', 'modest', 'greedy 1']);
  while (scheduler.crowded) await turn();
  expect(done).toHaveLength(10);
});

it('does of what comes for the first time and of what comes again, however many there are', async () => {
  const scheduler = new Scheduler();
  const done: string[] = [];
  const work = (name: string) => () => {
    done.push(name);
    scheduler.charge(100);
  };
  for (const many of ['again', 'first']) {
    for (let i = 0; i < 100; i++) scheduler.defer({ address: 'a' }, work(many), many === 'again');
    await turn();
    const few = many === 'again' ? 'first' : 'again';
    scheduler.defer({ address: 'a' }, work(`one ${few}`), few === 'again');
    await turn();
    expect(done).toContain(`one ${few}`);
    while (scheduler.crowded) await turn();
  }
  expect(done).toHaveLength(202);
});

it('gives those who come for the first time half of the units, however much the others take at once', async () => {
  const scheduler = new Scheduler();
  let modest = 0;
  for (let i = 0; i < 100; i++) {
    scheduler.defer({ address: 'a' }, () => scheduler.charge(16), true);
    scheduler.defer({ address: 'a' }, () => {
      modest++;
      scheduler.charge(4);
    });
  }
  await turn();
  expect(modest).toBeGreaterThanOrEqual(60);
});

it('forgets what is called off', async () => {
  const scheduler = new Scheduler();
  const origin = { address: 'a' };
  const work = () => expect.unreachable();
  scheduler.defer(origin, work);
  scheduler.cancel(origin, work);
  await turn();
  expect(scheduler.crowded).toBe(false);
});

it('makes turns shorter while work waits', async () => {
  const scheduler = new Scheduler();
  const origin = { address: 'a' };
  let done = 0;
  for (let i = 0; i < 100; i++) {
    const work = () => {
      done++;
      scheduler.charge(16);
    };
    scheduler.defer(origin, work);
  }
  await turn();
  expect(done).toBe(32);
});

it('serves who has used little lately before the many of its address who have used much', async () => {
  const scheduler = new Scheduler();
  const busy = Array.from({ length: 50 }, () => ({ address: 'a' }));
  const done: string[] = [];
  const defer = (origin: { address: string }, name: string, units: number) => {
    scheduler.defer(origin, () => {
      done.push(name);
      scheduler.charge(units);
    });
  };
  for (const origin of busy) defer(origin, 'busy', 600);
  while (scheduler.crowded) await turn();
  done.length = 0;
  for (const origin of busy) defer(origin, 'busy', 100);
  defer({ address: 'a' }, 'modest', 1);
  await turn();
  expect(done.indexOf('modest')).toBeLessThanOrEqual(1);
  while (scheduler.crowded) await turn();
  expect(done).toHaveLength(51);
});

import { beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { Scheduler } from './scheduler.ts';

const turn = () => new Promise((resolve) => setImmediate(resolve));

let nowMs: number;

// A turn ends after a time, so that time stands still here unless told.
beforeEach(() => {
  nowMs = 1_000;
  const clock = vi.spyOn(performance, 'now').mockImplementation(() => nowMs);
  onTestFinished(() => clock.mockRestore());
});

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

it('ends a turn in which work takes long, though it has units', async () => {
  const scheduler = new Scheduler();
  let done = 0;
  for (let i = 0; i < 10; i++) {
    scheduler.defer({ address: 'a' }, () => {
      done++;
      nowMs += 1.5;
      scheduler.charge(1);
    });
  }
  await turn();
  expect([done, scheduler.hasTime]).toEqual([3, false]);
  await turn();
  expect(done).toBe(6);
});

it('ends a turn in which what has just come takes long, though it has units', async () => {
  const scheduler = new Scheduler();
  const begun = () => {
    let calls = 0;
    for (; scheduler.isFree; calls++) {
      scheduler.charge(32);
      nowMs += 1;
    }
    return calls;
  };
  expect(begun()).toBe(10);
  await turn();
  expect(begun()).toBe(10);
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
  scheduler.defer(origin, () => expect.unreachable()).cancel();
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

it('serves a user who has used much beside strangers, from however many addresses these come', async () => {
  const scheduler = new Scheduler();
  const user = { address: 'a' };
  scheduler.sessionBegan(user);
  const done: string[] = [];
  const defer = (origin: { address: string }, name: string) => {
    scheduler.defer(origin, () => {
      done.push(name);
      scheduler.charge(12);
    });
  };
  for (let i = 0; i < 1_000; i++) defer({ address: `${i}` }, 'stranger');
  for (let i = 0; i < 30; i++) defer(user, 'user');
  await turn();
  // Half of the units are the user's.
  expect(done.filter((name) => name === 'user').length).toBeGreaterThanOrEqual(21);
  expect(done.indexOf('stranger')).toBeLessThanOrEqual(1);
  while (scheduler.crowded) await turn();
  expect(done).toHaveLength(1_030);
});

describe('a modest user', () => {
  const crowd = (scheduler: Scheduler) => scheduler.charge(10_000);

  it('has time in a turn that is used up, as much as is kept, and strangers have none', async () => {
    const scheduler = new Scheduler();
    const [user, stranger] = [{ address: 'a' }, { address: 'a' }];
    scheduler.sessionBegan(user);
    crowd(scheduler);
    expect([scheduler.hasTimeFor(user), scheduler.hasTimeFor(stranger)]).toEqual([true, false]);
    scheduler.charge(127, user);
    expect([scheduler.hasTimeFor(user), scheduler.mayBegin(user)]).toEqual([true, true]);
    scheduler.charge(1, user);
    expect([scheduler.hasTimeFor(user), scheduler.mayBegin(user)]).toEqual([false, false]);
    await turn();
    expect([scheduler.hasTimeFor(user), scheduler.hasTimeFor(stranger)]).toEqual([true, true]);
  });

  it('may begin although others wait', () => {
    const scheduler = new Scheduler();
    const [user, stranger] = [{ address: 'a' }, { address: 'a' }];
    scheduler.sessionBegan(user);
    scheduler.defer(stranger, () => {});
    expect([scheduler.mayBegin(user), scheduler.mayBegin(stranger)]).toEqual([true, false]);
  });

  it('is modest no more when it uses what is kept turn after turn', async () => {
    const scheduler = new Scheduler();
    const [greedy, modest] = [{ address: 'a' }, { address: 'a' }];
    scheduler.sessionBegan(greedy);
    scheduler.sessionBegan(modest);
    let turns = 0;
    for (; turns < 100; turns++) {
      crowd(scheduler);
      if (!scheduler.hasTimeFor(greedy)) break;
      scheduler.charge(128, greedy);
      await turn();
    }
    expect(turns).toBeLessThan(100);
    expect(scheduler.hasTimeFor(modest)).toBe(true);
  });

  it('is a stranger again when its last session has ended', () => {
    const scheduler = new Scheduler();
    const origin = { address: 'a' };
    scheduler.sessionBegan(origin);
    scheduler.sessionBegan(origin);
    crowd(scheduler);
    scheduler.sessionEnded(origin);
    expect(scheduler.hasTimeFor(origin)).toBe(true);
    scheduler.sessionEnded(origin);
    expect(scheduler.hasTimeFor(origin)).toBe(false);
  });
});

it('says when the work of a turn begins and when it is done', async () => {
  const said: string[] = [];
  const scheduler = new Scheduler(() => said.push('turn'));
  scheduler.defer({ address: 'a' }, () => {
    said.push('work');
    scheduler.charge(2_000);
  });
  await turn();
  expect(said).toEqual(['turn', 'work', 'turn']);
});

describe('a long list of names', () => {
  const origin = { address: 'a' };
  const pages = 20;

  /** Waits for the turns of a list on a scheduler whose turn is used up. */
  function listOn(scheduler: Scheduler, isGone: () => boolean) {
    scheduler.charge(10_000);
    const list = { over: false };
    const waits = scheduler.turnForNames(origin, pages, isGone).then(() => {
      list.over = true;
    });
    return { list, waits };
  }

  it('waits for the turns of all its pages, and others have theirs between them', async () => {
    const scheduler = new Scheduler();
    const { list, waits } = listOn(scheduler, () => false);
    let other = false;
    scheduler.defer({ address: 'b' }, () => {
      other = true;
      scheduler.charge(1);
    });
    await turn();
    expect([list.over, other, scheduler.listsUnwritten]).toEqual([false, true, 1]);
    let turns = 1;
    for (; !list.over; turns++) await turn();
    await waits;
    // A turn has time for eight pages while work waits, or for sixteen.
    expect(turns).toBeGreaterThan(1);
    expect(scheduler.listsUnwritten).toBe(0);
  });

  it('that nobody wants any more takes no time from others', async () => {
    const scheduler = new Scheduler();
    let gone = false;
    const { waits } = listOn(scheduler, () => gone);
    gone = true;
    await turn();
    await waits;
    expect(scheduler.listsUnwritten).toBe(0);
    expect(scheduler.isFree).toBe(true);
  });
});

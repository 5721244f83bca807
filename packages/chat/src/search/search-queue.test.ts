import { searchResultsMax } from '@tandem/core';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { listed } from '../../test/listed.ts';
import { newAccount } from '../accounts/account.ts';
import { Directory } from '../accounts/directory.ts';
import type { Asker, Origin } from '../scheduling/fair-queue.ts';
import { Search, type SearchResult } from './search.ts';
import { SearchQueue } from './search-queue.ts';

const limits = { searchesWaitingMax: 1_000, searchSliceMs: 4 };
const neverFound = '*x*x*x*';

/** A client on a connection of its own. */
function client(address = 'somewhere'): Asker {
  return { origin: { address }, isGone: () => false };
}

function foundAtOnce(queue: SearchQueue, query: string, asker = client()) {
  return listed(queue.run(query, asker) as SearchResult);
}

// So many that a search of all of them takes hundreds of steps.
const directory = new Directory();
for (let i = 0; i < 100_000; i++) directory.add(newAccount(`user${1_000_000 + i}`, 0));
directory.add(newAccount('zoe', 0));

describe('searches over a hundred thousand names', () => {
  it('let others have their turn all the while', async () => {
    const queue = new SearchQueue(directory, { ...limits, searchSliceMs: 0.5 });
    let over = false;
    let turns = 0;
    const count = () => {
      turns++;
      if (!over) setImmediate(count);
    };
    setImmediate(count);
    const searches = [neverFound, '*9*9*9*9*9*9*9*', 'user*x'].map((query) =>
      queue.run(query, client()),
    );
    await Promise.all(searches);
    over = true;
    // Each looks at all names; 256 of them are one look at the clock.
    expect(turns).toBeGreaterThan(10);
  });

  it('do at most a step a turn when their slice is none', async () => {
    const queue = new SearchQueue(directory, { ...limits, searchSliceMs: 0 });
    let over = false;
    let turns = 0;
    const search = Promise.resolve(queue.run('user10*x', client())).then(() => {
      over = true;
    });
    while (!over) {
      await new Promise((resolve) => setImmediate(resolve));
      turns++;
    }
    await search;
    // 100,000 names, 256 in a step, and those of a block more.
    expect(turns).toBeGreaterThanOrEqual(Math.floor(100_000 / 512));
  });

  it('answer a short one first, though a long one came before', async () => {
    const queue = new SearchQueue(directory, limits);
    const answered: string[] = [];
    const run = async (query: string): Promise<SearchResult | undefined> => {
      const result = await queue.run(query, client());
      answered.push(query);
      return result;
    };
    const searches = [run(neverFound), run('*x'), run('zoe'), run('z*'), run('user10500*')];
    const [none, , zoe] = await Promise.all(searches);
    expect(answered.slice(0, 3)).toEqual(['zoe', 'z*', 'user10500*']);
    expect(listed(none)).toEqual({ usernames: [], cut: false });
    expect(listed(zoe)).toEqual({ usernames: ['zoe'], cut: false });
  });

  it('cut what they find at 10,000', async () => {
    const result = await new SearchQueue(directory, limits).run('', client());
    expect(result?.usernames).toHaveLength(searchResultsMax);
    expect(result?.usernames.toArray().at(-1)).toBe('user1009999');
    expect(result?.cut).toBe(true);
  });
});

describe('long lists', () => {
  const many = new Directory();
  for (let i = 0; i < 4_000; i++) many.add(newAccount(`user${10_000 + i}`, 0));
  const turns = async () => {
    for (let i = 0; i < 2_000; i++) await new Promise((resolve) => setImmediate(resolve));
  };

  it('are made four at a time', async () => {
    const made = new Set<Search>();
    let most = 0;
    const original = Search.prototype.step;
    const step = vi.spyOn(Search.prototype, 'step').mockImplementation(function (this: Search) {
      if (this.found > 256) made.add(this);
      most = Math.max(most, made.size);
      const result = original.call(this);
      if (result !== undefined) made.delete(this);
      return result;
    });
    onTestFinished(() => step.mockRestore());
    const queue = new SearchQueue(many, { ...limits, searchSliceMs: 0 });
    const searches = Array.from({ length: 20 }, () => queue.run('', client()));
    expect((await Promise.all(searches)).map((found) => found?.usernames.length)).toEqual(
      searches.map(() => 4_000),
    );
    expect(most).toBe(4);
  });

  it('wait while eight are not written, and short ones do not', async () => {
    const scheduler = { isUser: () => false, listsUnwritten: 8 };
    const queue = new SearchQueue(many, limits, scheduler);
    let long = 0;
    let looks = 0;
    const isGone = () => {
      looks++;
      return false;
    };
    const searches = Array.from({ length: 20 }, async () => {
      await queue.run('', { ...client(), isGone });
      long++;
    });
    const short = Array.from({ length: 10 }, () => queue.run('user1*999', client()));
    expect((await Promise.all(short)).map((found) => found?.usernames.length)).toEqual(
      short.map(() => 4),
    );
    await turns();
    expect(long).toBe(0);
    // What waits costs nothing meanwhile.
    const before = looks;
    await turns();
    expect(looks).toBe(before);
    scheduler.listsUnwritten = 7;
    await Promise.all(searches);
  });

  it('are begun four at most in a slice, however long it is: only then is known what is unwritten', async () => {
    const queue = new SearchQueue(many, { ...limits, searchSliceMs: 1_000 });
    let over = 0;
    const searches = Array.from({ length: 40 }, async () => {
      await queue.run('', client());
      over++;
    });
    for (let before = 0; over < 40; before = over) {
      await new Promise(setImmediate);
      expect(over - before).toBeLessThanOrEqual(4);
    }
    await Promise.all(searches);
  });

  it('that nobody wants any more make room for others', async () => {
    const scheduler = { isUser: () => false, listsUnwritten: 0 };
    const queue = new SearchQueue(many, { ...limits, searchSliceMs: 0 }, scheduler);
    let gone = false;
    const leaving = Array.from({ length: 4 }, () =>
      queue.run('', { ...client(), isGone: () => gone }),
    );
    await turns();
    gone = true;
    expect((await queue.run('', client()))?.usernames).toHaveLength(4_000);
    await Promise.all(leaving);
  });
});

describe('a queue of searches', () => {
  it('refuses what comes when too many wait, and takes more when they are done', async () => {
    const queue = new SearchQueue(directory, { ...limits, searchesWaitingMax: 2 });
    const greedy = client();
    const waiting = [queue.run('user10*x', greedy), queue.run('user11*x', greedy)];
    expect(queue.run('user12*x', greedy)).toBeUndefined();
    expect(queue.run('z*', greedy)).toBeUndefined();
    await Promise.all(waiting);
    expect(listed(await queue.run('z*', greedy))).toEqual({ usernames: ['zoe'], cut: false });
  });

  it.each([
    ['a client of another address', false],
    ['a user', true],
  ])('has places for %s, though lists of strangers wait in all of them', async (_, knowsUsers) => {
    const isUser = ({ address }: Origin) => knowsUsers && address === 'somewhere';
    const scheduler = { isUser, listsUnwritten: 8 };
    const queue = new SearchQueue(directory, { ...limits, searchesWaitingMax: 10 }, scheduler);
    const flood = Array.from({ length: 10 }, () => queue.run('', client('elsewhere')));
    for (let turns = 0; turns < 100; turns++) await new Promise(setImmediate);
    const lists = Array.from({ length: 4 }, () => queue.run('', client()));
    for (let turns = 0; turns < 100; turns++) await new Promise(setImmediate);
    expect(listed(await queue.run('user10500*', client()))).toMatchObject({ cut: false });
    scheduler.listsUnwritten = 0;
    const results = await Promise.all(flood);
    expect(results.filter((result) => result === undefined)).toHaveLength(5);
    expect(await Promise.all(lists)).not.toContain(undefined);
  });

  it('looks a name up at once, however many wait who were never served', async () => {
    const queue = new SearchQueue(directory, limits);
    let over = false;
    const flood = Array.from({ length: 1_100 }, () =>
      queue.run(neverFound, { ...client(), isGone: () => over }),
    );
    const honest = client();
    for (let i = 0; i < 100; i++) {
      expect(foundAtOnce(queue, 'zoe', honest)).toEqual({ usernames: ['zoe'], cut: false });
    }
    over = true;
    await Promise.all(flood);
  });

  it('answers at once what needs one step only, whatever its limits', async () => {
    const queue = new SearchQueue(directory, { ...limits, searchesWaitingMax: 0 });
    expect(foundAtOnce(queue, 'zo*')).toEqual({ usernames: ['zoe'], cut: false });
    expect(queue.run(neverFound, client())).toBeUndefined();
  });

  it('drops a search that nobody wants any more, without looking at another name', async () => {
    const queue = new SearchQueue(directory, { ...limits, searchSliceMs: 0 });
    let gone = false;
    const order: string[] = [];
    const asker = { ...client(), isGone: () => gone };
    const dropped = Promise.resolve(queue.run('user10*x', asker)).then((result) => {
      order.push('dropped');
      return result;
    });
    const kept = Promise.resolve(queue.run('user999999*', client())).then(() => order.push('kept'));
    gone = true;
    expect(listed(await dropped)).toEqual({ usernames: [], cut: false });
    await kept;
    expect(order).toEqual(['dropped', 'kept']);
  });

  it.each([
    ['its address', 'somewhere', ['zoe', 'user10345*', 'z*']],
    ['another address', 'elsewhere', ['zoe', 'user10*zzz', 'z*']],
  ])(
    'answers a client from %s first, though a hundred search at length',
    async (_, address, queries) => {
      // A clock by which a step takes as long on any machine.
      let clock = 0;
      const now = vi.spyOn(performance, 'now').mockImplementation(() => {
        clock += 0.03;
        return clock;
      });
      onTestFinished(() => now.mockRestore());
      const queue = new SearchQueue(directory, limits);
      let over = false;
      let answered = 0;
      const flood = Array.from({ length: 100 }, async () => {
        await queue.run(neverFound, { ...client(), isGone: () => over });
        answered++;
      });
      // All of them have had a turn.
      for (let turns = 0; turns < 25; turns++) await new Promise(setImmediate);
      const honest = client(address);
      for (const query of queries) {
        expect(await queue.run(query, honest)).toMatchObject({ cut: false });
      }
      expect(answered).toBe(0);
      over = true;
      await Promise.all(flood);
    },
  );

  it('lets many small searches together have no more than their share at once', async () => {
    // A clock by which each step takes 3 ms and nothing else takes any time.
    let clock = 0;
    let looks = 0;
    const now = vi.spyOn(performance, 'now').mockImplementation(() => {
      if (looks++ % 3 === 2) clock += 3;
      return clock;
    });
    onTestFinished(() => now.mockRestore());
    const queue = new SearchQueue(directory, { ...limits, searchSliceMs: 4 });
    const answered: number[] = [];
    const searches = Array.from({ length: 20 }, (_, i) =>
      Promise.resolve(queue.run('zo*', client())).then(() => answered.push(i)),
    );
    await Promise.resolve();
    await Promise.resolve();
    expect(answered).toEqual([0, 1]);
    now.mockRestore();
    await Promise.all(searches);
    expect(answered).toEqual(answered.toSorted((a, b) => a - b));
  });

  it('begins again after it has been empty', async () => {
    const queue = new SearchQueue(directory, limits);
    for (let round = 0; round < 3; round++) {
      expect(await queue.run('user100*1', client())).toMatchObject({ cut: false });
    }
  });
});

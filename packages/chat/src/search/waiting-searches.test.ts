import { beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { Directory } from '../accounts/directory.ts';
import type { Origin } from '../scheduling/fair-queue.ts';
import { Search } from './search.ts';
import { type WaitingSearch, WaitingSearches } from './waiting-searches.ts';

const search = new Search(new Directory(), 'a');
let searches: WaitingSearches;
let lost: string[];

beforeEach(() => {
  searches = new WaitingSearches();
  lost = [];
});

function add(origin: Origin, name: string, gone = false): WaitingSearch {
  const resolve = () => void lost.push(name);
  const waiting = { search, origin, isGone: () => gone, resolve, name };
  searches.add(waiting);
  return waiting;
}

function crowd(address: string, count: number, usedMs = 0): Origin[] {
  return Array.from({ length: count }, (_, i) => {
    const origin = { address };
    if (usedMs > 0) searches.charge(origin, usedMs + i);
    add(origin, `${address}${i}`);
    return origin;
  });
}

describe('who is next', () => {
  it('is soon who has searched little, however many have searched much', () => {
    crowd('a', 100, 300);
    const little = { address: 'a' };
    const waiting = add(little, 'little');
    const first = Array.from({ length: 2 }, () => searches.next());
    expect(first).toContain(waiting);
  });

  it('is now and then who has searched much, however many have searched little', () => {
    const much = { address: 'a' };
    searches.charge(much, 1_000);
    const waiting = add(much, 'much');
    crowd('a', 100);
    // What the first queue leaves to it: its own turn in 256, or before.
    const first = Array.from({ length: 256 }, () => {
      add({ address: 'a' }, 'little');
      return searches.next();
    });
    expect(first).toContain(waiting);
  });

  it('forgets what was used long ago', () => {
    let now = 0;
    const clock = vi.spyOn(performance, 'now').mockImplementation(() => now);
    onTestFinished(() => clock.mockRestore());
    const once = { address: 'a' };
    searches.charge(once, 500);
    now = 100_000;
    crowd('a', 10, 30);
    const waiting = add(once, 'once');
    expect([searches.next(), searches.next()]).toContain(waiting);
  });
});

describe('who loses a place', () => {
  it('is the address that has most waiting', () => {
    crowd('a', 5);
    crowd('b', 3);
    expect(searches.makeRoom({ address: 'c' })).toBe(true);
    expect(lost).toEqual([expect.stringMatching(/^a/)]);
    expect(searches.length).toBe(7);
  });

  it('is there the connection that has most waiting', () => {
    crowd('a', 5);
    const greedy = { address: 'a' };
    add(greedy, 'first');
    add(greedy, 'second');
    expect(searches.makeRoom({ address: 'a' })).toBe(true);
    expect(lost).toEqual([expect.stringMatching(/first|second/)]);
  });

  it('is among equal ones the connection that has searched most', () => {
    crowd('a', 5, 10);
    expect(searches.makeRoom({ address: 'a' })).toBe(true);
    expect(lost).toEqual(['a4']);
  });

  it('is the newcomer that would have most itself', () => {
    const [greedy] = crowd('a', 3) as [Origin];
    crowd('b', 1);
    expect(searches.makeRoom(greedy)).toBe(false);
    const idle = { address: 'a' };
    searches.charge(idle, 1);
    expect(searches.makeRoom(idle)).toBe(false);
    expect(lost).toEqual([]);
  });

  it('is first who is gone', () => {
    crowd('a', 5, 10);
    add({ address: 'b' }, 'gone', true);
    expect(searches.makeRoom({ address: 'a' })).toBe(true);
    expect(lost).toEqual(['gone']);
  });

  it('is of the newcomer’s own address when that would have most', () => {
    crowd('a', 3, 10);
    crowd('b', 3, 99);
    expect(searches.makeRoom({ address: 'a' })).toBe(true);
    expect(lost).toEqual(['a2']);
  });

  it('is not those who wait, though somebody asks again and again', () => {
    crowd('a', 4, 10);
    const impatient = { address: 'a' };
    for (let i = 0; i < 100; i++) {
      searches.newSlice();
      if (searches.makeRoom(impatient)) add(impatient, 'impatient');
    }
    expect(lost).toEqual(['a3']);
    // What it was refused has made it the greediest.
    expect(searches.makeRoom({ address: 'a' })).toBe(true);
    expect(lost.at(-1)).toBe('impatient');
  });

  it('is no client that waits for one, while connections with hundreds ask on in one slice', () => {
    const greedy = Array.from({ length: 11 }, () => ({ address: 'a' }));
    for (let i = 0; i < 1_000; i++) add(greedy[i % 11] as Origin, 'greedy');
    const honest = Array.from({ length: 50 }, () => ({ address: 'a' }));
    for (const client of honest) {
      for (let i = 0; i < 100; i++) {
        const again = greedy[i % 11] as Origin;
        if (searches.makeRoom(again)) add(again, 'greedy');
      }
      expect(searches.makeRoom(client)).toBe(true);
      add(client, 'honest');
    }
    expect(lost).not.toContain('honest');
    expect(searches.length).toBe(1_000);
  });

  it('is somebody else each time, within a slice and in later ones', () => {
    crowd('a', 4, 10);
    for (let i = 0; i < 2; i++) expect(searches.makeRoom({ address: 'b' })).toBe(true);
    searches.newSlice();
    for (let i = 0; i < 2; i++) searches.makeRoom({ address: 'b' });
    expect(lost).toEqual(['a3', 'a2', 'a1', 'a0']);
    expect(searches.makeRoom({ address: 'b' })).toBe(false);
  });
});

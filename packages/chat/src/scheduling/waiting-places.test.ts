import { beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import type { Origin } from './fair-queue.ts';
import { type Waiting, WaitingPlaces } from './waiting-places.ts';

let places: WaitingPlaces<Waiting>;
let lost: string[];
let users: Set<Origin>;

beforeEach(() => {
  const scale = {
    halfLifeMs: 10_000,
    refusal: 1,
    queues: [0.06, 0.25, 1, 4, 16, 64, 256],
    levels: [],
  };
  users = new Set();
  places = new WaitingPlaces(scale, (origin) => users.has(origin));
  lost = [];
});

function add(origin: Origin, name: string, gone = false): Waiting {
  const resolve = () => void lost.push(name);
  const waiting = { origin, isGone: () => gone, resolve, name };
  places.add(waiting);
  return waiting;
}

function crowd(address: string, count: number, used = 0): Origin[] {
  return Array.from({ length: count }, (_, i) => {
    const origin = { address };
    if (used > 0) places.charge(origin, used + i);
    add(origin, `${address}${i}`);
    return origin;
  });
}

it('has turns for each kind of work, and one rule of who loses a place', () => {
  const [user, stranger] = [{ address: 'a' }, { address: 'b' }];
  const newcomer = { address: 'c' };
  users.add(user).add(newcomer);
  const first = add(user, 'first');
  const wait = (origin: Origin, name: string) => {
    const waiting = { origin, isGone: () => false, resolve: () => void lost.push(name), name };
    places.add(waiting, 1);
    return waiting;
  };
  const second = wait(user, 'second');
  wait(stranger, 'third');
  expect(places.makeRoom(newcomer)).toBe(true);
  expect(lost).toEqual(['third']);
  expect([places.next(), places.next()]).toEqual([first, undefined]);
  expect([places.length, places.next(1), places.next(1)]).toEqual([1, second, undefined]);
});

describe('who is next', () => {
  it('is soon who has used little, however many have used much', () => {
    crowd('a', 100, 300);
    const little = { address: 'a' };
    const waiting = add(little, 'little');
    const first = Array.from({ length: 2 }, () => places.next());
    expect(first).toContain(waiting);
  });

  it('is now and then who has used much, however many have used little', () => {
    const much = { address: 'a' };
    places.charge(much, 1_000);
    const waiting = add(much, 'much');
    crowd('a', 100);
    // What the first queue leaves to it: its own turn in 256, or before.
    const first = Array.from({ length: 256 }, () => {
      add({ address: 'a' }, 'little');
      return places.next();
    });
    expect(first).toContain(waiting);
  });

  it('forgets what was used long ago', () => {
    let now = 0;
    const clock = vi.spyOn(performance, 'now').mockImplementation(() => now);
    onTestFinished(() => clock.mockRestore());
    const once = { address: 'a' };
    places.charge(once, 500);
    now = 100_000;
    crowd('a', 10, 30);
    const waiting = add(once, 'once');
    expect([places.next(), places.next()]).toContain(waiting);
  });
});

describe('who loses a place', () => {
  it('is the address that has most waiting', () => {
    crowd('a', 5);
    crowd('b', 3);
    expect(places.makeRoom({ address: 'c' })).toBe(true);
    expect(lost).toEqual([expect.stringMatching(/^a/)]);
    expect(places.length).toBe(7);
  });

  it('is there the connection that has most waiting', () => {
    crowd('a', 5);
    const greedy = { address: 'a' };
    add(greedy, 'first');
    add(greedy, 'second');
    expect(places.makeRoom({ address: 'a' })).toBe(true);
    expect(lost).toEqual([expect.stringMatching(/first|second/)]);
  });

  it('is among equal ones the connection that has used most', () => {
    crowd('a', 5, 10);
    expect(places.makeRoom({ address: 'a' })).toBe(true);
    expect(lost).toEqual(['a4']);
  });

  it('is the newcomer that would have most itself', () => {
    const [greedy] = crowd('a', 3) as [Origin];
    crowd('b', 1);
    expect(places.makeRoom(greedy)).toBe(false);
    const idle = { address: 'a' };
    places.charge(idle, 1);
    expect(places.makeRoom(idle)).toBe(false);
    expect(lost).toEqual([]);
  });

  it('is a stranger before any user, whatever the user has used', () => {
    const user = { address: 'a' };
    users.add(user);
    places.charge(user, 500);
    for (const name of ['one', 'two', 'three']) add(user, name);
    crowd('a', 2, 10);
    const another = { address: 'a' };
    users.add(another);
    expect(places.makeRoom(another)).toBe(true);
    add(another, 'another');
    expect(places.makeRoom(user)).toBe(true);
    expect(lost).toEqual(['a1', 'a0']);
    expect(places.makeRoom({ address: 'b' })).toBe(false);
    expect(places.makeRoom(user)).toBe(false);
    expect(places.makeRoom(another)).toBe(true);
    expect(lost.at(-1)).toMatch(/one|two|three/);
  });

  it('is still counted as it came when somebody logs in or out meanwhile', () => {
    const [stranger] = crowd('a', 1) as [Origin];
    const user = { address: 'a' };
    users.add(user);
    add(user, 'user');
    users.delete(user);
    users.add(stranger);
    expect(places.makeRoom({ address: 'a' })).toBe(false);
    places.charge(stranger, 10);
    expect(places.makeRoom({ address: 'a' })).toBe(true);
    expect([places.next(), places.next()]).toEqual([
      expect.objectContaining({ name: 'user' }),
      undefined,
    ]);
    expect(places.length).toBe(0);
  });

  it('is first who is gone', () => {
    crowd('a', 5, 10);
    add({ address: 'b' }, 'gone', true);
    expect(places.makeRoom({ address: 'a' })).toBe(true);
    expect(lost).toEqual(['gone']);
  });

  it('is of the newcomer’s own address when that would have most', () => {
    crowd('a', 3, 10);
    crowd('b', 3, 99);
    expect(places.makeRoom({ address: 'a' })).toBe(true);
    expect(lost).toEqual(['a2']);
  });

  it('is not those who wait, though somebody asks again and again', () => {
    crowd('a', 4, 10);
    const impatient = { address: 'a' };
    for (let i = 0; i < 100; i++) {
      places.newSlice();
      if (places.makeRoom(impatient)) add(impatient, 'impatient');
    }
    expect(lost).toEqual(['a3']);
    // What it was refused has made it the greediest.
    expect(places.makeRoom({ address: 'a' })).toBe(true);
    expect(lost.at(-1)).toBe('impatient');
  });

  it('is no client that waits for one, while connections with hundreds ask on in one slice', () => {
    const greedy = Array.from({ length: 11 }, () => ({ address: 'a' }));
    for (let i = 0; i < 1_000; i++) add(greedy[i % 11] as Origin, 'greedy');
    const honest = Array.from({ length: 50 }, () => ({ address: 'a' }));
    for (const client of honest) {
      for (let i = 0; i < 100; i++) {
        const again = greedy[i % 11] as Origin;
        if (places.makeRoom(again)) add(again, 'greedy');
      }
      expect(places.makeRoom(client)).toBe(true);
      add(client, 'honest');
    }
    expect(lost).not.toContain('honest');
    expect(places.length).toBe(1_000);
  });

  it('is one who came in this slice, when all who came before have lost theirs', () => {
    crowd('a', 2, 10);
    for (const address of ['b', 'c']) {
      const origin = { address };
      expect(places.makeRoom(origin)).toBe(true);
      add(origin, address);
      places.charge(origin, 5);
    }
    expect(places.makeRoom({ address: 'd' })).toBe(true);
    expect(lost).toEqual(['a1', 'a0', expect.stringMatching(/b|c/)]);
  });

  it('is of the address that has most at that moment, whatever has changed in the slice', () => {
    crowd('a', 4);
    crowd('b', 4);
    for (const address of ['c', 'd', 'e', 'f', 'g', 'h']) {
      expect(places.makeRoom({ address })).toBe(true);
      add({ address }, address);
    }
    expect(places.makeRoom({ address: 'i' })).toBe(false);
    expect(lost.toSorted()).toEqual(['a1', 'a2', 'a3', 'b1', 'b2', 'b3']);
  });

  it('is somebody else each time, within a slice and in later ones', () => {
    crowd('a', 4, 10);
    for (let i = 0; i < 2; i++) expect(places.makeRoom({ address: 'b' })).toBe(true);
    places.newSlice();
    for (let i = 0; i < 2; i++) places.makeRoom({ address: 'b' });
    expect(lost).toEqual(['a3', 'a2', 'a1', 'a0']);
    expect(places.makeRoom({ address: 'b' })).toBe(false);
  });
});

it('gives each address a turn in one queue, and there more to those who have used little', () => {
  const scale = { halfLifeMs: 10_000, refusal: 1, queues: [], levels: [2] };
  const fair = new WaitingPlaces<Waiting & { readonly name: string }>(scale, () => false);
  const addTo = (origin: Origin, name: string) => {
    fair.add({ origin, name, isGone: () => false, resolve: () => {} });
  };
  for (const origin of Array.from({ length: 3 }, () => ({ address: 'a' }))) {
    fair.charge(origin, 9);
    for (const name of ['busy', 'busy again']) addTo(origin, name);
  }
  addTo({ address: 'b' }, 'other');
  addTo({ address: 'a' }, 'modest');
  const order: string[] = [];
  for (let next = fair.next(); next !== undefined; next = fair.next()) order.push(next.name);
  const [first, second] = [Array(3).fill('busy'), Array(3).fill('busy again')];
  expect(order).toEqual(['modest', 'other', ...first, ...second]);
});

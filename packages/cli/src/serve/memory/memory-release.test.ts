import { beforeEach, describe, expect, it } from 'vitest';
import { type Collector, MemoryRelease } from './memory-release.ts';

const megabyte = 2 ** 20;

let bytes: number;
let keptForLater: number;
let keptByLibrary: number;
let live: number;
let held: number;
let busy: number;
let calls: string[];
let trims: number;
let release: MemoryRelease;

beforeEach(() => {
  bytes = 50 * megabyte;
  live = bytes;
  keptForLater = 0;
  keptByLibrary = 0;
  held = 0;
  busy = 0.1;
  calls = [];
  trims = 0;
  const collector: Collector = {
    busy: () => busy,
    bytes: () => bytes + keptForLater + keptByLibrary,
    heapBytes: () => bytes,
    spareBytes: () => keptForLater,
    preferLess: (isPreferred) => void calls.push(isPreferred ? 'less' : 'as before'),
    collect: () => {
      calls.push('collect');
      bytes = live;
      keptForLater = 0;
    },
    trim: () => {
      trims++;
      keptByLibrary = 0;
    },
  };
  release = new MemoryRelease(() => held, collector);
});

function look(times: number): void {
  for (let i = 0; i < times; i++) release.look();
}

describe('the release of memory', () => {
  it('leaves V8 alone while it has little more than before', () => {
    bytes = 81 * megabyte;
    look(1_000);
    expect(calls).toEqual([]);
  });

  it('leaves V8 alone while the server works, and begins when it was quiet for three seconds', () => {
    look(1);
    bytes = 120 * megabyte;
    busy = 0.9;
    look(10);
    busy = 0.1;
    look(2);
    busy = 0.6;
    look(1);
    busy = 0.1;
    look(2);
    expect(calls).toEqual([]);
    look(1);
    expect(calls).toEqual(['less']);
  });

  it('ends when V8 has released most of it, and begins again after another flood', () => {
    look(3);
    bytes = 120 * megabyte;
    look(5);
    bytes = 60 * megabyte;
    look(1_000);
    expect(calls).toEqual(['less', 'as before']);
    bytes = 93 * megabyte;
    look(1);
    expect(calls).toEqual(['less', 'as before', 'less']);
  });

  it('collects at once when V8 does nothing for twelve seconds, also after a flood at the start', () => {
    bytes = 120 * megabyte;
    look(14);
    expect(calls).toEqual(['less']);
    look(1_000);
    expect(calls).toEqual(['less', 'collect', 'as before']);
  });

  it('has V8 return what a collection has emptied, and V8 keeps for later', () => {
    keptForLater = 300 * megabyte;
    look(1_000);
    expect(calls).toEqual(['less', 'collect', 'as before']);
    expect(keptForLater).toBe(0);
  });

  it('has the C library return what it keeps, which leaves V8 nothing to do', () => {
    keptByLibrary = 300 * megabyte;
    look(1_000);
    expect(calls).toEqual([]);
    expect(trims).toBe(1);
    expect(keptByLibrary).toBe(0);
  });

  it('asks the C library ever more rarely while it has nothing, and again after work', () => {
    bytes = 120 * megabyte;
    live = bytes;
    look(3);
    expect(trims).toBe(1);
    look(80);
    expect(trims).toBe(1 + 2 + 9);
    busy = 1;
    look(1);
    busy = 0;
    look(3);
    expect(trims).toBe(1 + 2 + 9 + 1);
    // What it frees later is returned within eight seconds.
    keptByLibrary = 100 * megabyte;
    look(8);
    expect(keptByLibrary).toBe(0);
  });

  it('looks again whether what was in use is over, after ever longer times', () => {
    look(3);
    bytes = 120 * megabyte;
    live = bytes;
    look(13);
    const once = ['less', 'collect', 'as before'];
    expect(calls).toEqual(once);
    look(59);
    expect(calls).toEqual(once);
    look(1 + 12);
    expect(calls).toEqual([...once, ...once]);
    look(119);
    expect(calls).toHaveLength(6);
    live = 60 * megabyte;
    look(1 + 12);
    expect(calls).toEqual([...once, ...once, ...once]);
    look(5_000);
    expect(calls).toHaveLength(9);
  });

  it('begins again when connections hold less than at the last release', () => {
    look(3);
    bytes = 120 * megabyte;
    live = bytes;
    held = 60 * megabyte;
    look(13);
    held = 29 * megabyte;
    look(10);
    expect(calls).toEqual(['less', 'collect', 'as before']);
    held = 28 * megabyte;
    live = 50 * megabyte;
    look(1 + 12);
    expect(calls).toEqual(['less', 'collect', 'as before', 'less', 'collect', 'as before']);
    look(1_000);
    expect(calls).toHaveLength(6);
  });

  it('begins soon again when a release has left much to be returned by the next one, and once', () => {
    look(3);
    bytes = 300 * megabyte;
    look(12);
    keptForLater = 70 * megabyte;
    look(1 + 5);
    expect(calls).toEqual(['less', 'as before', 'less']);
    look(12 + 29);
    expect(calls).toEqual(['less', 'as before', 'less', 'as before']);
  });

  it('collects nothing at once while connections hold much, which lives', () => {
    look(3);
    bytes = 120 * megabyte;
    held = 65 * megabyte;
    look(13);
    expect(calls).toEqual(['less', 'as before']);
  });

  it('collects no large heap at once: that would stop everybody', () => {
    look(3);
    bytes = 300 * megabyte;
    look(13);
    expect(calls).toEqual(['less', 'as before']);
  });

  it('ends when a flood begins, and begins anew after it', () => {
    look(3);
    bytes = 120 * megabyte;
    look(5);
    busy = 1;
    look(20);
    expect(calls).toEqual(['less', 'as before']);
    busy = 0;
    look(3);
    expect(calls).toEqual(['less', 'as before', 'less']);
  });
});

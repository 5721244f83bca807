import { beforeEach, describe, expect, it } from 'vitest';
import { type Collector, MemoryRelease } from './memory-release.ts';

const megabyte = 2 ** 20;

let bytes: number;
let busy: number;
let calls: string[];
let release: MemoryRelease;

beforeEach(() => {
  bytes = 50 * megabyte;
  busy = 0.1;
  calls = [];
  const collector: Collector = {
    busy: () => busy,
    bytes: () => bytes,
    preferLess: (isPreferred) => void calls.push(isPreferred ? 'less' : 'as before'),
    collect: () => {
      calls.push('collect');
      bytes = 55 * megabyte;
    },
  };
  release = new MemoryRelease(collector);
});

function look(times: number): void {
  for (let i = 0; i < times; i++) release.look();
}

describe('the release of memory', () => {
  it('leaves V8 alone while it has little more than before', () => {
    bytes = 81 * megabyte;
    look(100);
    expect(calls).toEqual([]);
  });

  it('leaves V8 alone while the server works, and begins when it was quiet for three seconds', () => {
    bytes = 200 * megabyte;
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

  it('ends when V8 has released most of it, and begins again after another flood alone', () => {
    bytes = 200 * megabyte;
    look(5);
    bytes = 60 * megabyte;
    look(50);
    expect(calls).toEqual(['less', 'as before']);
    bytes = 91 * megabyte;
    look(50);
    expect(calls).toHaveLength(2);
    bytes = 93 * megabyte;
    look(1);
    expect(calls).toEqual(['less', 'as before', 'less']);
  });

  it('collects at once when V8 does nothing, and takes what is left as what is needed', () => {
    bytes = 200 * megabyte;
    look(14);
    expect(calls).toEqual(['less']);
    look(100);
    expect(calls).toEqual(['less', 'as before', 'collect']);
  });

  it('ends when a flood begins, and begins anew after it', () => {
    bytes = 200 * megabyte;
    look(5);
    busy = 1;
    look(20);
    expect(calls).toEqual(['less', 'as before']);
    busy = 0;
    look(3);
    expect(calls).toEqual(['less', 'as before', 'less']);
  });
});

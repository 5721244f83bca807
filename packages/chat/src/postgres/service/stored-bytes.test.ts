import { Status } from '@tandem/core';
import { expect, it } from 'vitest';
import { turn } from '../../../test/stage.ts';
import { StoredBytes } from './stored-bytes.ts';

/** Counts and writes when it is told to. */
class Stage {
  readonly written: string[] = [];
  readonly counts: PromiseWithResolvers<number>[] = [];
  /** True when the last count was to be exact. */
  exact = false;
  readonly #outcomes = new Map<string, PromiseWithResolvers<readonly [number]>>();
  #nowMs = 0;
  readonly #bytes = new StoredBytes(
    100,
    (exactly) => {
      const count = Promise.withResolvers<number>();
      this.counts.push(count);
      this.exact = exactly;
      return count.promise;
    },
    undefined,
    () => this.#nowMs,
  );

  write(bytes: number, name: string): Promise<unknown> {
    return this.#bytes.write(bytes, (over) => {
      this.written.push(over ? `${name} over` : name);
      const outcome = Promise.withResolvers<readonly [number]>();
      this.#outcomes.set(name, outcome);
      return outcome.promise;
    });
  }

  async answer(name: string, status: Status): Promise<void> {
    this.#outcomes.get(name)?.resolve([status]);
    await turn();
  }

  async count(found: number, ms = 1): Promise<void> {
    this.pass(ms);
    this.counts.shift()?.resolve(found);
    await turn();
  }

  pass(ms: number): void {
    this.#nowMs += ms;
  }
}

it('lets everybody who comes while it counts wait, in their order', async () => {
  const stage = new Stage();
  for (const name of ['a', 'b', 'c']) void stage.write(10, name);
  expect([stage.written, stage.counts.length]).toEqual([[], 1]);
  await stage.count(50);
  expect(stage.written).toEqual(['a', 'b', 'c']);
  // Exactly the rest, within the call.
  void stage.write(20, 'd');
  expect(stage.written.at(-1)).toBe('d');
});

it('lets nobody pass who asks in the turn in which it has counted', async () => {
  const stage = new Stage();
  void stage.write(10, 'a');
  stage.counts[0]?.resolve(0);
  for (const name of ['b', 'c', 'd', 'e', 'f']) {
    void stage.write(10, name);
    await Promise.resolve();
  }
  await turn();
  expect(stage.written).toEqual(['a', 'b', 'c', 'd', 'e', 'f']);
});

it('waits for what is under way before it refuses: what is not stored is room again', async () => {
  const stage = new Stage();
  void stage.write(60, 'a');
  await stage.count(0);
  for (const name of ['b', 'c']) void stage.write(60, name);
  await turn();
  expect([stage.written, stage.counts]).toEqual([['a'], []]);
  await stage.answer('a', Status.mailboxFull);
  expect(stage.written).toEqual(['a', 'b']);
  await stage.answer('b', Status.stored);
  await stage.count(60);
  expect(stage.written).toEqual(['a', 'b', 'c over']);
});

it('counts again where it would be too much, and not more often than a part of the time', async () => {
  const stage = new Stage();
  void stage.write(10, 'a');
  await stage.count(500, 20);
  // That may have been too many, and is counted exactly at once.
  expect([stage.written, stage.exact]).toEqual([[], true]);
  await stage.count(95, 5);
  await stage.answer('a', Status.tooBusy);
  void stage.write(10, 'b');
  await turn();
  await stage.answer('b', Status.tooBusy);
  expect([stage.written, stage.counts]).toEqual([['a over', 'b over'], []]);
  stage.pass(100);
  void stage.write(10, 'c');
  await turn();
  await stage.count(0);
  expect(stage.written.at(-1)).toBe('c');
});

it('counts exactly at once where a soon count was enough, and is not any more', async () => {
  const stage = new Stage();
  void stage.write(10, 'a');
  await stage.count(85);
  await stage.answer('a', Status.stored);
  expect([stage.written, stage.exact]).toEqual([['a'], false]);
  void stage.write(10, 'b');
  await turn();
  await stage.count(20);
  expect([stage.written, stage.exact]).toEqual([['a', 'b'], true]);
});

it('counts anew after a count that failed', async () => {
  const stage = new Stage();
  const first = stage.write(5, 'a');
  await turn();
  stage.counts.shift()?.reject(new Error('away'));
  await expect(first).rejects.toThrow('away');
  void stage.write(5, 'b');
  await turn();
  await stage.count(0);
  expect(stage.written).toEqual(['b']);
});

it('counts nothing where there is no limit', async () => {
  const bytes = new StoredBytes(Number.POSITIVE_INFINITY, () =>
    Promise.reject(new Error('counted')),
  );
  expect(await bytes.write(1e9, async (over) => [Number(over)])).toEqual([0]);
});

import { type SearchOutcome, Status } from '@tandem/core';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { NameLookup } from './name-lookup.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** A lookup whose searches are answered when a test says so. */
function start() {
  const asked: string[] = [];
  const answers: PromiseWithResolvers<SearchOutcome>[] = [];
  const lookup = new NameLookup({
    search(query) {
      asked.push(query);
      const answer = Promise.withResolvers<SearchOutcome>();
      answers.push(answer);
      return answer.promise;
    },
  });
  const found = (...usernames: string[]) =>
    answers.at(-1)?.resolve({ status: Status.found, usernames });
  return { lookup, asked, answers, found };
}

describe('NameLookup', () => {
  it('asks the server for what begins so', async () => {
    const { lookup, asked, found } = start();
    const names = lookup.find('al');
    found('alice', 'alfred');
    expect(await names).toEqual(['alice', 'alfred']);
    expect(asked).toEqual(['al*']);
  });

  it('asks once for the same, and for what is longer, while the answer is fresh', async () => {
    const { lookup, asked, found } = start();
    const both = [lookup.find('al'), lookup.find('al')];
    found('alice');
    expect(await Promise.all(both)).toEqual([['alice'], ['alice']]);
    await lookup.find('ali');
    expect(asked).toEqual(['al*']);
    vi.advanceTimersByTime(3_001);
    void lookup.find('al');
    expect(asked).toEqual(['al*', 'al*']);
  });

  it('asks again for what is longer when the server had more', async () => {
    const { lookup, asked, answers } = start();
    const names = lookup.find('');
    answers[0]?.resolve({ status: Status.foundCut, usernames: ['alice'] });
    await names;
    void lookup.find('b');
    expect(asked).toEqual(['*', 'b*']);
  });

  it('has no more than one question under way', async () => {
    const { lookup, asked, found } = start();
    const first = lookup.find('a');
    expect(await lookup.find('b')).toEqual([]);
    expect(asked).toEqual(['a*']);
    found('alice');
    expect(await first).toEqual(['alice']);
    void lookup.find('b');
    expect(asked).toEqual(['a*', 'b*']);
  });

  it('waits no longer than a second, and knows what came later', async () => {
    const { lookup, asked, found } = start();
    const names = lookup.find('a');
    await vi.advanceTimersByTimeAsync(1_000);
    expect(await names).toEqual([]);
    found('alice');
    await vi.advanceTimersByTimeAsync(0);
    expect(await lookup.find('a')).toEqual(['alice']);
    expect(asked).toEqual(['a*']);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('says nothing of a refusal or a broken connection, and asks again the next time', async () => {
    const { lookup, asked, answers } = start();
    const refused = lookup.find('a');
    answers[0]?.resolve({ status: Status.tooBusy });
    expect(await refused).toEqual([]);
    const broken = lookup.find('a');
    answers[1]?.reject(new Error('broken'));
    expect(await broken).toEqual([]);
    void lookup.find('a');
    expect(asked).toHaveLength(3);
  });
});

import { type ChatClient, Status } from '@tandem/core';
import { describe, expect, test } from 'vitest';
import type { Open } from './stage.ts';

const names = ['Zoe', 'ann', 'anna', 'annabel', 'ban', 'banana', '0ann', 'a1'];

const queries: Readonly<Record<string, readonly string[]>> = {
  ann: ['ann'],
  'ann*': ['ann', 'anna', 'annabel'],
  '*ann': ['0ann', 'ann'],
  '*an*': ['0ann', 'ann', 'anna', 'annabel', 'ban', 'banana'],
  '*a*a*': ['anna', 'annabel', 'banana'],
  'a*n*a': ['anna'],
  'b*n': ['ban'],
  '**Zoe**': ['Zoe'],
  '*': ['0ann', 'Zoe', 'a1', 'ann', 'anna', 'annabel', 'ban', 'banana'],
  '': ['0ann', 'Zoe', 'a1', 'ann', 'anna', 'annabel', 'ban', 'banana'],
};

const vain = ['an', 'zoe', '*x*', 'annannann*'];

/** Searching. Each test has one client that asks. [P-2.2] [P-4.3] */
export function describeSearching(open: Open): void {
  describe('searching', () => {
    test('finds the usernames that a query means, in the order of their bytes', async () => {
      const client = await crowded(open);
      const outcomes: Record<string, unknown> = {};
      for (const query of Object.keys(queries)) outcomes[query] = await client.search(query);
      const expected = Object.entries(queries).map(([query, usernames]) => [
        query,
        { status: Status.found, usernames },
      ]);
      expect(outcomes).toEqual(Object.fromEntries(expected));
    });

    test('finds nothing where no whole username is meant, nor its case', async () => {
      const client = await crowded(open);
      for (const query of vain) {
        expect(await client.search(query), query).toEqual({ status: Status.notFound });
      }
    });

    test('finds nothing, by the empty query too, when there is nobody', async () => {
      const client = await (await open()).connect();
      expect(await client.search('')).toEqual({ status: Status.notFound });
    });

    test('does not mind a session, and finds its own user', async () => {
      const ann = await (await open()).newUser('ann');
      expect(await ann.search('a*')).toEqual({ status: Status.found, usernames: ['ann'] });
    });

    test('of 10,000 usernames of 50 characters finds all, of 10,001 the first 10,000, cut with 19', async () => {
      const stage = await open();
      const usernames = Array.from({ length: 10_001 }, (_, i) => `${i}`.padStart(50, 'x')).sort();
      // Some hundred registers overlap; all the others would take most of the time.
      await stage.register(...usernames.slice(1, 500));
      await stage.add(usernames.slice(500));
      const client = await stage.connect();
      const all = await client.search('*');
      expect(all).toEqual({ status: Status.found, usernames: usernames.slice(1) });
      await client.register(usernames[0] as string);
      const cut = await client.search('');
      expect(cut).toEqual({ status: Status.foundCut, usernames: usernames.slice(0, 10_000) });
      // Enough for every transport to need many pages, and no matching to take the time of a regular
      // expression that backtracks.
      expect(await client.search(`${'*x'.repeat(24)}*b`)).toEqual({ status: Status.notFound });
    });
  });
}

/** A client, and the usernames, which it has registered. */
async function crowded(open: Open): Promise<ChatClient> {
  const client = await (await open()).connect();
  await Promise.all(names.map((name) => client.register(name)));
  return client;
}

import { literalPrefix, searchResultsMax } from '@tandem/core';
import { NameList } from '../../accounts/name-list.ts';
import { behindAll } from '../../accounts/name-text.ts';
import type { SearchResult } from '../../search/search.ts';
import type { Place } from '../place/place.ts';

/** Finds the usernames that match a query, among those of all nodes. */
export async function findNames(place: Place, query: string): Promise<SearchResult> {
  const prefix = literalPrefix(query);
  const pattern = query === '' ? '%' : query.replaceAll('*', '%');
  const rows = await place.search<{ username: string }>('search', searchSql, [
    pattern,
    prefix,
    `${prefix}${behindAll}`,
    searchResultsMax + 1,
  ]);
  const usernames = rows.slice(0, searchResultsMax).map(({ username }) => username);
  return { usernames: NameList.of(usernames), cut: rows.length > searchResultsMax };
}

/** Returns the number of accounts of all nodes, of which PostgreSQL estimates a large one. */
export async function countAccounts(place: Place): Promise<number> {
  const [counted] = await place.search<{ accounts: number }>('count', countSql, []);
  return counted?.accounts ?? 0;
}

// Names with the literal beginning of the query are a range of one index; their parts are in another.
const searchSql = `
SELECT username FROM tandem.names
WHERE username LIKE $1 AND username >= $2 AND username < $3 ORDER BY username LIMIT $4`;

// To count many takes a while. What PostgreSQL guesses of them is some percent off.
const countSql = `
SELECT CASE WHEN reltuples < 100000
  THEN (SELECT count(*) FROM tandem.accounts)::float8 ELSE reltuples::float8
END AS accounts
FROM pg_class WHERE oid = 'tandem.accounts'::regclass`;

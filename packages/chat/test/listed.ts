import type { NameList } from '../src/index.ts';

/** Returns what a search found with its usernames as an array. */
export function listed<Found extends object>(
  found: Found | undefined,
): (Omit<Found, 'usernames'> & { readonly usernames: readonly string[] }) | undefined {
  if (found === undefined) return undefined;
  const { usernames } = found as { readonly usernames?: NameList };
  return { ...found, usernames: usernames?.toArray() ?? [] };
}

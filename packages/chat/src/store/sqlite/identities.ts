import type { Credentials, StoredAccount } from '../store.ts';
import type { Statements } from './database.ts';

/** A row of the table of credentials. */
interface CredentialsRow {
  readonly username: string;
  readonly secret: string;
  readonly last_token: string | null;
  readonly token_before: string | null;
  readonly tokens_end_ms: number | null;
}

/** The credentials and the blocks of an account. */
type Identity = Pick<StoredAccount, 'credentials'> & { blocked?: string[] };

/** Reads the credentials and blocks of all accounts that have any, by name. */
export function readIdentities({
  credentials,
  blocks,
}: Pick<Statements, 'credentials' | 'blocks'>): ReadonlyMap<string, Identity> {
  const identities = new Map<string, Identity>();
  for (const row of credentials.iterate() as Iterable<unknown> as Iterable<CredentialsRow>) {
    identities.set(row.username, { credentials: credentialsOf(row) });
  }
  type Block = { readonly username: string; readonly blocked: string };
  for (const { username, blocked } of blocks.iterate() as Iterable<unknown> as Iterable<Block>) {
    const identity = identities.get(username) ?? {};
    identity.blocked ??= [];
    identity.blocked.push(blocked);
    identities.set(username, identity);
  }
  return identities;
}

function credentialsOf(row: CredentialsRow): Credentials {
  const { secret, last_token: last, token_before: before, tokens_end_ms: endMs } = row;
  if (last === null || endMs === null) return { secret, tokens: undefined };
  return { secret, tokens: { last, before: before ?? undefined, endMs } };
}

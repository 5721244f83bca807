import type { Credentials, StoredAccount } from '../store.ts';
import type { BatchWriter } from './commit/batch-writer.ts';
import type { Statements } from './database.ts';
import { storeError } from './sqlite-errors.ts';

const accountsPerProgress = 10_000;

/** The database of accounts that are loaded. */
export interface AccountsSource {
  readonly statements: Statements;
  /** Counts the messages of each mailbox from here on. */
  readonly writer: BatchWriter;
  /** The path of the database, for errors. */
  readonly path: string;
  /** Called now and then with the number of accounts so far. */
  readonly onProgress?: ((accounts: number) => void) | undefined;
}

/** Reads all accounts, in the order of their names. Throws what SQLite says, and `corrupt` for messages of nobody. */
export function* loadAccounts(source: AccountsSource): Generator<StoredAccount, void> {
  const { statements, writer, path, onProgress } = source;
  let [count, unread] = [0, 0];
  const identities = readIdentities(statements);
  for (const username of identities.keys()) writer.identified(username);
  for (const row of statements.accounts.iterate()) {
    const account = row as unknown as StoredAccount;
    writer.count(account.username, account.unread);
    unread += account.unread;
    yield identities.size === 0 ? account : { ...account, ...identities.get(account.username) };
    if (++count % accountsPerProgress === 0) onProgress?.(count);
  }
  checkSum(statements, path, unread);
  writer.allCounted();
}

/** Refuses messages that are in nobody's mailbox: the index that finds them is damaged, or accounts are gone. */
function checkSum({ removed, messages }: Statements, path: string, unread: number): void {
  const expected = unread + Number(removed.get()?.messages);
  const difference = Number(messages.get()?.messages) - expected;
  if (difference === 0) return;
  const detail = `${difference} messages are in no mailbox; the next start checks all of it`;
  throw storeError('corrupt', path, new Error(detail));
}

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
function readIdentities({ credentials, blocks }: Statements): ReadonlyMap<string, Identity> {
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

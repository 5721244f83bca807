import type { Credentials, StoredAccount } from '../store.ts';
import type { BatchWriter } from './commit/batch-writer.ts';
import type { Statements } from './database.ts';
import { storeError } from './sqlite-errors.ts';

// Read by one statement, as text: an object of SQLite's for each row would take more time than all else.
const accountsPerBlock = 1_000;
const blocksPerProgress = 10;

/** The database of accounts that are loaded. */
export interface AccountsSource {
  readonly statements: Statements;
  /** Told who has credentials or blocks. */
  readonly writer: BatchWriter;
  /** The path of the database, for errors. */
  readonly path: string;
  /** Called now and then with the number of accounts so far. */
  readonly onProgress?: ((accounts: number) => void) | undefined;
}

/**
 * Reads all accounts, in the order of their names. Throws what SQLite says, and `corrupt` for messages of
 * nobody, and for names that are none.
 */
export function* loadAccounts(source: AccountsSource): Generator<StoredAccount, void> {
  const { statements, writer, path, onProgress } = source;
  let [count, unreadSum] = [0, 0];
  const identities = readIdentities(statements);
  for (const username of identities.keys()) writer.identified(username);
  for (let [last, blocks] = ['', 1]; ; blocks++) {
    const block = statements.accounts.get(last, accountsPerBlock) as unknown as AccountsBlock;
    if (block.names === null || block.unread === null) break;
    const usernames = block.names.split('\n');
    const unreads = block.unread.split('\n');
    const first = usernames[0] as string;
    if (usernames.length !== block.accounts || first <= last) throw nameless(path);
    for (let at = 0; at < usernames.length; at++) {
      const username = usernames[at] as string;
      const unread = Number(unreads[at]);
      unreadSum += unread;
      yield { username, unread, ...identities.get(username) };
    }
    last = usernames.at(-1) as string;
    count += usernames.length;
    if (blocks % blocksPerProgress === 0) onProgress?.(count);
  }
  checkSum(statements, path, unreadSum);
}

/** Accounts in the order of their names, as texts with a line for each; null for none. */
interface AccountsBlock {
  readonly names: string | null;
  readonly unread: string | null;
  readonly accounts: number;
}

function nameless(path: string): Error {
  const detail = 'accounts have names that no user can have; the next start checks all of it';
  return storeError('corrupt', path, new Error(detail));
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

import { nameEnd as end, nameEndCode } from '../../accounts/name-text.ts';
import type { Credentials, StoredAccount, StoredAccounts } from '../store.ts';
import type { BatchWriter } from './commit/batch-writer.ts';
import type { Statements } from './database.ts';
import { storeError } from './sqlite-errors.ts';

// Read as text, and not as rows: an object of SQLite's for each would take more time than all else.
const accountsPerBlock = 1_000;
const blocksPerProgress = 10;
// The rows of a block whose recipients are read as text, too: half a megabyte. Of more, each mailbox is counted.
const rowsAsTextMax = 10 * accountsPerBlock;

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
export function* loadAccounts(source: AccountsSource): Generator<StoredAccounts, void> {
  const { statements, writer, path, onProgress } = source;
  const identities = readIdentities(statements);
  for (const username of identities.keys()) writer.identified(username);
  const mailboxes = new MailboxRows(statements, path);
  let [last, total] = ['', 0];
  for (let blocks = 1; ; blocks++) {
    const row = statements.accounts.get(last, accountsPerBlock) as unknown as AccountsRow;
    const { names } = row;
    if (names === null) break;
    const first = names.slice(0, names.indexOf(end));
    if (countEnds(names) !== row.count || first <= last) throw nameless(path);
    const after = last;
    last = names.slice(names.lastIndexOf(end, names.length - 2) + 1, -1);
    const tally = new BlockTally(identities);
    mailboxes.read(names, after, last, tally);
    yield tally.accounts(names, row.count);
    total += row.count;
    if (blocks % blocksPerProgress === 0) onProgress?.(total);
  }
  mailboxes.checkSum();
}

/** Accounts in the order of their names, as a text with the end of each; null for none. */
interface AccountsRow {
  readonly names: string | null;
  readonly count: number;
}

/** Counts the ends of names; indexing is much faster here than to split. */
function countEnds(names: string): number {
  let count = 0;
  for (let at = names.indexOf(end); at !== -1; at = names.indexOf(end, at + 1)) count++;
  return count;
}

function nameless(path: string): Error {
  const detail = 'accounts have names that no user can have; the next start checks all data';
  return storeError('corrupt', path, new Error(detail));
}

/** The mailboxes in the tables, read once in the order of their index, beside the accounts. */
class MailboxRows {
  readonly #statements: Statements;
  readonly #path: string;
  /** Rows that are removed, and not yet taken out, by mailbox: few. */
  readonly #removed = new Map<string, number>();
  /** The rows that are accounted for. */
  #sum = 0;

  constructor(statements: Statements, path: string) {
    this.#statements = statements;
    this.#path = path;
    type Removed = { readonly recipient: string; readonly rows: number };
    for (const { recipient, rows } of statements.removed.all() as unknown as Removed[]) {
      this.#removed.set(recipient, rows);
      this.#sum += rows;
    }
  }

  /**
   * Tells the unread messages of each mailbox with rows that is one of a block of accounts.
   *
   * @param names those of the block, each with its end: all between `after` and `last`, which is one of them
   */
  read(names: string, after: string, last: string, tally: BlockTally): void {
    const { rowsBetween, recipientsBetween, countMessages } = this.#statements;
    const rows = Number(rowsBetween.get(after, last)?.rows);
    if (rows === 0) return;
    if (rows > rowsAsTextMax) {
      for (const username of names.slice(0, -1).split(end)) {
        this.#note(username, Number(countMessages.get(username, 0)?.count), tally);
      }
      return;
    }
    const recipients = String(recipientsBetween.get(after, last)?.recipients).split(end);
    for (let [at, place] = [0, 0]; at < recipients.length; ) {
      const recipient = recipients[at] as string;
      const first = at;
      do at++;
      while (recipients[at] === recipient);
      const found = findName(names, recipient, place);
      // Messages of nobody: the sum shows them.
      if (found === -1) continue;
      place = found + recipient.length + 1;
      this.#note(recipient, at - first, tally);
    }
  }

  #note(username: string, rows: number, tally: BlockTally): void {
    if (rows === 0) return;
    // A text that is looked for in a map is hashed, even if the map is empty.
    const removed = this.#removed.size > 0 ? this.#removed.get(username) : undefined;
    const unread = rows - (removed ?? 0);
    this.#sum += unread;
    tally.add(username, unread);
  }

  /** Refuses messages that are in nobody's mailbox: the index that finds them is damaged, or accounts are gone. */
  checkSum(): void {
    const difference = Number(this.#statements.messages.get()?.messages) - this.#sum;
    if (difference === 0) return;
    const detail = `${difference} messages are in no mailbox; the next start checks all data`;
    throw storeError('corrupt', this.#path, new Error(detail));
  }
}

/** Returns the place of a name in a text of names, each with its end; -1 for none. @param from where a name begins */
function findName(names: string, name: string, from: number): number {
  if (
    names.slice(from, from + name.length) === name &&
    names.charCodeAt(from + name.length) === nameEndCode
  )
    return from;
  const endBefore = names.indexOf(end + name + end, Math.max(0, from - 1));
  return endBefore === -1 ? -1 : endBefore + 1;
}

/** Puts the accounts of a block together with what is known of them. */
class BlockTally {
  readonly #identities: ReadonlyMap<string, Identity>;
  /** The unread messages of those with credentials or blocks, if they have rows. */
  readonly #ofIdentified = new Map<string, number>();
  readonly #sizes = new Map<number, number>();
  #withRows = 0;

  constructor(identities: ReadonlyMap<string, Identity>) {
    this.#identities = identities;
  }

  /** Notes the unread messages of an account that has rows. */
  add(username: string, unread: number): void {
    if (this.#identities.size > 0 && this.#identities.has(username)) {
      this.#ofIdentified.set(username, unread);
    } else {
      this.#withRows++;
      this.#note(unread, 1);
    }
  }

  /** Returns the accounts, when all mailboxes are noted. */
  accounts(names: string, count: number): StoredAccounts {
    const identified: StoredAccount[] = [];
    const usernames = this.#identities.size > 0 ? names.split(end) : [];
    for (const username of usernames) {
      const identity = this.#identities.get(username);
      if (identity === undefined) continue;
      identified.push({ username, unread: this.#ofIdentified.get(username) ?? 0, ...identity });
    }
    this.#note(0, count - identified.length - this.#withRows);
    return { names, count, identified, sizes: this.#sizes };
  }

  #note(unread: number, accounts: number): void {
    if (accounts > 0) this.#sizes.set(unread, (this.#sizes.get(unread) ?? 0) + accounts);
  }
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

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { onTestFinished } from 'vitest';
import { SqliteStore, type SqliteStoreOptions, type StoreErrorCode } from '../../../src/index.ts';

/** A data directory that does not exist yet, in one that is gone after the test. */
export function newDataDirectory(): string {
  const parent = mkdtempSync(join(tmpdir(), 'tandem-'));
  onTestFinished(() => rmSync(parent, { recursive: true, force: true }));
  return join(parent, 'data');
}

/** A store in this directory, closed after the test. */
export async function openStore(
  directory: string,
  options: Omit<SqliteStoreOptions, 'directory'> = {},
): Promise<SqliteStore> {
  const store = await SqliteStore.open({ directory, ...options });
  onTestFinished(() => store.close());
  return store;
}

/** Removes messages, and resolves with how many when nothing of that need be durable any more. */
export async function remove(
  store: SqliteStore,
  recipient: string,
  throughId: number,
): Promise<number> {
  const { gone, durable } = store.removeMessages(recipient, throughId);
  store.flush();
  return gone + ((await durable) ?? 0);
}

/** The database of a data directory, as another program sees it, which may do anything; closed after the test. */
export function openDatabase(directory: string): DatabaseSync {
  const database = new DatabaseSync(databaseFile(directory), { defensive: false });
  onTestFinished(() => {
    if (database.isOpen) database.close();
  });
  return database;
}

/** The file of the database of a data directory. */
export function databaseFile(directory: string): string {
  return join(directory, 'tandem.db');
}

/** The code that this throws or rejects with; undefined when it does neither. */
export async function codeOf(action: () => unknown): Promise<StoreErrorCode | undefined> {
  try {
    await action();
    return undefined;
  } catch (error) {
    const { code } = error as { code?: StoreErrorCode };
    // An assertion that fails within the action has none.
    if (code === undefined) throw error;
    return code;
  }
}

import { StoreError, type StoreErrorCode } from '@tandem/chat';

/** A command that may meet an error of a store. */
export type StoreCommand = 'serve' | 'check' | 'backup' | 'restore' | 'migrate';

const advice: Readonly<Record<StoreErrorCode, string>> = {
  directory: 'choose another --data-dir',
  'in-use': 'stop it, or choose another --data-dir',
  unreadable: 'give the file to this user, or run as the user who owns it',
  'read-only': 'make it writable, or choose another --data-dir',
  'not-a-database': 'choose another --data-dir, or restore a backup with tandem restore',
  foreign: 'choose another --data-dir',
  corrupt: 'restore a backup with tandem restore, and check the disk',
  index: 'start tandem serve, which makes it anew: the messages are whole',
  altered: 'undo that, or restore a backup with tandem restore',
  newer: 'run that version, or restore a backup that this one has made',
  full: 'make space, or raise --data-bytes-max, and try again',
  io: 'check the device and the log of the system',
  'not-found': 'check the name',
  exists: 'choose another name, or add --force to replace it',
  inside: 'choose a file elsewhere',
  'not-a-file': 'name a regular file, or put one in its place',
  replaced: 'put it back, and start again',
  closed: 'start again',
  unreachable: 'see that PostgreSQL runs and can be reached, or name another --postgres-url',
  refused: 'correct that at PostgreSQL, and try again',
  denied:
    'check the user of --postgres-url, its password in ~/.pgpass or PGPASSWORD, and what it may do',
  schema: 'undo what has changed the schema tandem, or restore a backup of PostgreSQL',
  unfit: 'name another one with --postgres-url',
};

// Where the same error of another command is about another file.
const adviceOf: Readonly<Partial<Record<StoreCommand, Partial<Record<StoreErrorCode, string>>>>> = {
  backup: { full: 'make space, and try again' },
  restore: {
    full: 'make space, and try again',
    'not-a-database': 'name a file that tandem backup has made',
    foreign: 'name a file that tandem backup has made',
    corrupt: 'restore another backup, and check the disk',
    exists: 'choose another --data-dir, or add --force to replace it',
  },
  migrate: {
    'in-use': 'stop it first',
    exists: 'name an empty one with --postgres-url',
    full: 'make space, and try again: nothing was moved',
    'not-found': 'check --data-dir and --postgres-url',
    newer: 'run that version',
  },
};

/**
 * Says what is wrong with a store, and what to do about it; undefined for an error of another kind.
 *
 * @param command the command that met it
 */
export function explainStoreError(error: unknown, command: StoreCommand): string | undefined {
  if (!(error instanceof StoreError)) return undefined;
  const { message, code } = error;
  const wanted = adviceOf[command]?.[code] ?? advice[code];
  return `${message.charAt(0).toUpperCase()}${message.slice(1)}; ${wanted}.`;
}

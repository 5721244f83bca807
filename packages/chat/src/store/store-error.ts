/**
 * The codes of errors of a store in files. They are stable. docs/OPERATIONS.md says what to do about each.
 *
 * - `directory`: the data directory cannot be made, or is none
 * - `in-use`: another process holds the data directory
 * - `unreadable`: this user may not read what is in it
 * - `read-only`: this user may not write there, or nobody may
 * - `not-a-database`: the file is something else
 * - `foreign`: the file is a database of another program
 * - `corrupt`: the file is damaged
 * - `index`: its index is damaged, and what it is made from is whole
 * - `altered`: another program has changed it
 * - `newer`: a later version of this program has written it
 * - `full`: no space left, on the device or within the limit that was set
 * - `io`: the operating system could not read or write
 * - `not-found`: there is no such file
 * - `exists`: there is something already that would be replaced
 * - `inside`: a backup was to be made within the data directory
 * - `not-a-file`: it is a symbolic link, a directory, a pipe, a device, or has a second name
 * - `replaced`: it was removed or replaced while it was in use
 * - `closed`: the store was closed
 */
export type FileErrorCode =
  | 'directory'
  | 'in-use'
  | 'unreadable'
  | 'read-only'
  | 'not-a-database'
  | 'foreign'
  | 'corrupt'
  | 'index'
  | 'altered'
  | 'newer'
  | 'full'
  | 'io'
  | 'not-found'
  | 'exists'
  | 'inside'
  | 'not-a-file'
  | 'replaced'
  | 'closed';

/**
 * The codes of store errors: those of files, some of which a database has, too, and those of a database.
 *
 * - `unreachable`: PostgreSQL does not answer, or the connection to it is gone
 * - `refused`: PostgreSQL answers, and cannot do it now: too many connections, or a lock or a response that takes too
 *   long
 * - `denied`: PostgreSQL does not let this user in, or do what is needed
 * - `schema`: its tables or functions are not those that this program has made
 * - `unfit`: that PostgreSQL cannot keep the promises
 */
export type StoreErrorCode =
  | FileErrorCode
  | 'unreachable'
  | 'refused'
  | 'denied'
  | 'schema'
  | 'unfit';

/** A store that cannot be opened, read or written. */
export class StoreError extends Error {
  override readonly name = 'StoreError';
  /** Stable, for programs; the message is for people. */
  readonly code: StoreErrorCode;

  constructor(code: StoreErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

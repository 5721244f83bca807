import { readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

/** Held by the one run of the lab that may measure on this machine. */
export interface Lock {
  release(): void;
}

/**
 * Takes the lock of this machine: two runs at once would measure each other. The operating system
 * lets go of it when the process ends, however it ends: it is SQLite's lock on a file.
 *
 * @param directory where the lock's files are: one place for the whole machine unless told otherwise
 * @throws Error that says which process holds it
 */
export function takeLock(directory: string = tmpdir()): Lock {
  const holderFile = join(directory, 'tandem-bench.pid');
  const database = new DatabaseSync(join(directory, 'tandem-bench.lock'));
  try {
    database.exec('BEGIN EXCLUSIVE');
  } catch (cause) {
    database.close();
    throw new Error(
      `another run of the lab is measuring here (${holder(holderFile)}): wait for it`,
      {
        cause,
      },
    );
  }
  writeFileSync(holderFile, `${process.pid}\n`);
  return { release: () => database.close() };
}

function holder(file: string): string {
  try {
    return `process ${readFileSync(file, 'utf8').trim()}`;
  } catch {
    return 'of somebody else';
  }
}

import { execFile, execFileSync } from 'node:child_process';
import { existsSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { promisify } from 'node:util';

const run = promisify(execFile);

// Enough for the mailboxes of a round, and filled in no time.
const diskBytes = 64 * 1024 * 1024;
const chunkBytes = 1024 * 1024;
const blockBytes = 4096;

/**
 * A file system of its own, small enough to be filled: a tmpfs, so a write to it then fails with the
 * system's own ENOSPC. To mount one takes the rights of root.
 */
export class SmallDisk {
  readonly directory: string;
  #mounted = true;

  private constructor(directory: string) {
    this.directory = directory;
    // However this process ends, as long as it can still do anything.
    process.once('exit', this.unmount);
  }

  /** Undefined where this user may not mount. */
  static async mount(directory: string): Promise<SmallDisk | undefined> {
    await mkdir(directory, { recursive: true });
    try {
      await run('mount', ['-t', 'tmpfs', '-o', `size=${diskBytes}`, 'tandem-rig', directory]);
      return new SmallDisk(directory);
    } catch {
      await rm(directory, { recursive: true });
      return undefined;
    }
  }

  /** Takes all space that is left, to the last block. */
  fill(): void {
    for (const bytes of [chunkBytes, blockBytes]) {
      const ballast = Buffer.alloc(bytes);
      for (let i = 0; this.#bytesFree >= bytes; i++) {
        try {
          writeFileSync(join(this.directory, `ballast-${bytes}-${i}`), ballast);
        } catch {
          // Somebody else took the space meanwhile.
          break;
        }
      }
    }
  }

  /** Gives it back. */
  free(): void {
    for (const bytes of [chunkBytes, blockBytes]) {
      for (let i = 0; i <= diskBytes / bytes; i++) {
        rmSync(join(this.directory, `ballast-${bytes}-${i}`), { force: true });
      }
    }
  }

  /** All that is on it is gone, once nobody has a file open there. May be called twice. */
  readonly unmount = (): void => {
    if (!this.#mounted) return;
    this.#mounted = false;
    process.off('exit', this.unmount);
    execFileSync('umount', ['--lazy', this.directory]);
  };

  get #bytesFree(): number {
    const { bavail, bsize } = statfsSync(this.directory);
    return bavail * bsize;
  }
}

/**
 * Cuts off the log of SQLite's file, if there is one: a log that has once grown is written over, and would
 * need no space for a long time. The server takes a log that stays empty for one that was taken away.
 */
export function cutOffLog(path: string): void {
  if (!existsSync(path)) return;
  const database = new DatabaseSync(path, { timeout: 1_000 });
  try {
    database.exec('PRAGMA wal_checkpoint(TRUNCATE)');
  } catch {
    // The server is in its way. The disk is then full when the log has grown, a little later.
  } finally {
    database.close();
  }
}

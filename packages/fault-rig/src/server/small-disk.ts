import { execFile, execFileSync } from 'node:child_process';
import { existsSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { promisify } from 'node:util';

const run = promisify(execFile);

// Enough for the mailboxes of a round, and quickly filled.
const diskBytes = 64 * 1024 * 1024;
const chunkBytes = 1024 * 1024;
const blockBytes = 4096;

/**
 * A file system of its own, small enough to be filled: a tmpfs, so a write to it then fails with the
 * system's own ENOSPC. Only root may mount one.
 */
export class SmallDisk {
  readonly directory: string;
  #mounted = true;

  private constructor(directory: string) {
    this.directory = directory;
    // For every end of this process at which it can still run code.
    process.once('exit', this.unmount);
  }

  /** Mounts one; returns undefined where this user may not mount. */
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

  /** Fills all space that is left, to the last block. */
  fill(): void {
    for (const bytes of [chunkBytes, blockBytes]) {
      const ballast = Buffer.alloc(bytes);
      for (let i = 0; this.#bytesFree >= bytes; i++) {
        try {
          writeFileSync(join(this.directory, `ballast-${bytes}-${i}`), ballast);
        } catch {
          // Another process took the space meanwhile.
          break;
        }
      }
    }
  }

  /** Frees the space. */
  free(): void {
    for (const bytes of [chunkBytes, blockBytes]) {
      for (let i = 0; i <= diskBytes / bytes; i++) {
        rmSync(join(this.directory, `ballast-${bytes}-${i}`), { force: true });
      }
    }
  }

  /** Unmounts it. Its files are gone once no process has one open. May be called twice. */
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
 * Truncates the log of SQLite's file, if there is one. A log that has grown once is written over, and would
 * need no space for a long time. The server counts a log that it finds empty as removed.
 */
export function cutOffLog(path: string): void {
  if (!existsSync(path)) return;
  const database = new DatabaseSync(path, { timeout: 1_000 });
  try {
    database.exec('PRAGMA wal_checkpoint(TRUNCATE)');
  } catch {
    // The server uses the log. The disk is then full a little later, when the log has grown.
  } finally {
    database.close();
  }
}

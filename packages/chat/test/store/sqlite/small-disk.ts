import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';

/** A file system of its own, of two megabytes, that a test can fill. It is gone after the test. */
export class SmallDisk {
  /** The directory at which it is mounted. */
  readonly path = mkdtempSync(join(tmpdir(), 'tandem-disk-'));
  readonly #ballast = join(this.path, 'ballast');

  constructor() {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=2m', 'tmpfs', this.path]);
    onTestFinished(() => {
      execFileSync('umount', ['--lazy', this.path]);
      rmSync(this.path, { recursive: true });
    });
  }

  /** True when this user may mount one: root, as a rule. */
  static canMount(): boolean {
    try {
      const path = mkdtempSync(join(tmpdir(), 'tandem-disk-'));
      try {
        execFileSync('mount', ['-t', 'tmpfs', 'tmpfs', path], { stdio: 'ignore' });
        execFileSync('umount', [path]);
      } finally {
        rmSync(path, { recursive: true });
      }
      return true;
    } catch {
      return false;
    }
  }

  /** Leaves so many bytes free. */
  fill(bytesFree = 0): void {
    const { bavail, bsize } = statfsSync(this.path);
    writeFileSync(this.#ballast, Buffer.alloc(Math.max(0, bavail * bsize - bytesFree)));
  }

  /** Lets nobody write to it any more. Nobody has a file of it open to write. */
  protect(): void {
    execFileSync('mount', ['-o', 'remount,ro', this.path]);
  }

  /** Gives back what was filled. */
  empty(): void {
    rmSync(this.#ballast);
  }
}

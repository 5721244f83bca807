import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

// Below the repository, since temporary files may be in memory, and a write that never
// reaches a disk costs nothing.
const dataParent = fileURLToPath(new URL('../../../out/', import.meta.url));

/** A directory that is there until it is removed, or this process ends. */
export interface OwnDirectory {
  readonly path: string;
  /** May be called again. */
  remove(): void;
}

/** Makes an empty directory on a disk, which does not outlive this process. */
export function ownDataDirectory(): OwnDirectory {
  const path = makeDataDirectory();
  const removeNow = () => rmSync(path, { recursive: true, force: true });
  // The rig ends a server's process without closing the server first.
  process.once('exit', removeNow);
  return {
    path,
    remove() {
      process.off('exit', removeNow);
      removeNow();
    },
  };
}

/** Makes an empty directory on a disk, for the data of a store. */
export function makeDataDirectory(): string {
  try {
    mkdirSync(dataParent, { recursive: true });
    return mkdtempSync(join(dataParent, 'data-'));
  } catch {
    // The repository belongs to another user. This directory is on a disk, too, and each user has one.
    return makeSharedDataDirectory();
  }
}

/** Makes one where every user of the machine may reach it. */
export function makeSharedDataDirectory(): string {
  return mkdtempSync('/var/tmp/tandem-bench-');
}

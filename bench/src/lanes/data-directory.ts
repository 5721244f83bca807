import { mkdirSync, mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

// Below the repository, since temporary files may be in memory, and a write that never
// reaches a disk costs nothing.
const dataParent = fileURLToPath(new URL('../../out/', import.meta.url));

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

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';

/** A directory for a test's files, gone after it. */
export function newDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), 'tandem-'));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}

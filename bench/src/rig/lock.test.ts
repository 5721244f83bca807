import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { takeLock } from './lock.ts';

const directory = mkdtempSync(join(tmpdir(), 'tandem-lock-'));
afterEach(() => rmSync(directory, { recursive: true, force: true }));

test('refuses a second run while the first holds the lock, and says who holds it', () => {
  const lock = takeLock(directory);

  expect(() => takeLock(directory)).toThrow(
    `another run of the lab is measuring here (process ${process.pid})`,
  );

  lock.release();
  takeLock(directory).release();
});

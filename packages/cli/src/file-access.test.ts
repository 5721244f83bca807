import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished, vi } from 'vitest';
import { othersMayUse, othersMayWrite } from './file-access.ts';

it.each([
  // The mode, who may use it, who may use a credential of systemd, and who may write.
  [0o600, false, false, false],
  [0o440, true, false, false],
  [0o640, true, false, false],
  [0o620, true, false, true],
  [0o604, true, true, false],
  [0o602, true, true, true],
])('tells what mode %o lets others do', (mode, mayUse, mayUseCredential, mayWrite) => {
  const directory = mkdtempSync(join(tmpdir(), 'tandem-'));
  onTestFinished(() => {
    vi.unstubAllEnvs();
    rmSync(directory, { recursive: true });
  });
  const file = join(directory, 'token');
  writeFileSync(file, 'a');
  chmodSync(file, mode);
  vi.stubEnv('CREDENTIALS_DIRECTORY', undefined);
  expect([othersMayUse(file), othersMayWrite(file)]).toEqual([mayUse, mayWrite]);
  vi.stubEnv('CREDENTIALS_DIRECTORY', directory);
  expect(othersMayUse(file)).toBe(mayUseCredential);
});

it('does not mind a file that is gone', () => {
  expect([othersMayUse('/no/such'), othersMayWrite('/no/such')]).toEqual([false, false]);
});

import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { cacheDirectory } from '../src/cache-directory.js';

const scratch = mkdtempSync(join(tmpdir(), 'tandem-cache-'));
afterAll(() => rmSync(scratch, { recursive: true }));

it('is the preferred one where this user may write, made if it is not there', () => {
  const preferred = join(scratch, 'a', 'b');
  expect(cacheDirectory(preferred, 'tandem-test')).toBe(preferred);
  expect(statSync(preferred).isDirectory()).toBe(true);
});

// To be somebody else takes the rights of root.
it.runIf(process.getuid?.() === 0)('is never one in which another user can write', () => {
  const ofRoot = join(scratch, 'root');
  mkdirSync(ofRoot);
  chmodSync(scratch, 0o755);
  const found = cacheOfNobody(ofRoot, '/tmp');
  // Where the list of users says nobody lives there is nothing of theirs; HOME is not asked.
  expect(found).toBe('undefined');
});

function cacheOfNobody(preferred: string, home: string): string {
  const module = new URL('../src/cache-directory.js', import.meta.url).href;
  const script = `import { cacheDirectory } from ${JSON.stringify(module)};
    console.log(cacheDirectory(${JSON.stringify(preferred)}, 'tandem-test'));`;
  const ids = ['--reuid', '65534', '--regid', '65534', '--clear-groups'];
  const command = [process.execPath, '--input-type=module', '-e', script];
  const env = { ...process.env, HOME: home };
  return execFileSync('setpriv', [...ids, ...command], { cwd: '/', env, encoding: 'utf8' }).trim();
}

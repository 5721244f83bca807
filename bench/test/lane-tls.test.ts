import { execFile } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

// To be somebody else takes the rights of root. These two have no home for a cache.
test.runIf(process.getuid?.() === 0)(
  'the lanes over TLS have a certificate for the second user, too',
  async () => {
    const shared = mkdtempSync(join(tmpdir(), 'tandem-lane-tls-'));
    chmodSync(shared, 0o1777);
    try {
      for (const user of [65_534, 65_533, 65_534]) expect(await openAs(user, shared)).toBe('open');
    } finally {
      rmSync(shared, { recursive: true });
    }
  },
);

async function openAs(user: number, shared: string): Promise<string> {
  const module = new URL('../src/lanes/tls.ts', import.meta.url).href;
  const script = `import { laneServerTls } from ${JSON.stringify(module)};
    await laneServerTls();
    console.log('open');
    process.exit();`;
  const ids = ['--reuid', `${user}`, '--regid', `${user}`, '--clear-groups'];
  const command = [process.execPath, '--input-type=module-typescript', '-e', script];
  const env = { ...process.env, TMPDIR: shared, HOME: '/', NODE_COMPILE_CACHE: '' };
  const { stdout } = await promisify(execFile)('setpriv', [...ids, ...command], { cwd: '/', env });
  return stdout.trim();
}

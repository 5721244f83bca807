import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

const packageRoot = fileURLToPath(new URL('..', import.meta.url));

/** Tells whether plain Node.js loads vitest when it enters by this door. */
async function loadsVitest(door: string): Promise<boolean> {
  const script = `
    import { registerHooks } from 'node:module';
    const loaded = [];
    registerHooks({ load: (url, context, next) => (loaded.push(url), next(url, context)) });
    await import(${JSON.stringify(door)});
    process.stdout.write(String(loaded.some((url) => url.includes('/vitest/'))));
  `;
  const args = ['--input-type=module', '-e', script];
  const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: packageRoot });
  return stdout === 'true';
}

test('the op suite can be played without vitest, which the suite of clients needs', async () => {
  expect(await loadsVitest('@tandem/conformance/op-suite')).toBe(false);
  expect(await loadsVitest('@tandem/conformance')).toBe(true);
});

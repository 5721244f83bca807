import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, expect, test } from 'vitest';
import { takeLock } from '../src/rig/machine/lock.ts';

const directory = mkdtempSync(join(tmpdir(), 'tandem-lock-'));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

// One of the abstract namespace, as on Linux, and one of a file.
const addresses = [[`\0${directory}`], [join(directory, 'lock.sock')]];
const mine = `another run of the lab is measuring here (process ${process.pid} of ${userInfo().username})`;

test.each(addresses)(
  'refuses a second run while the first holds %j, and says who',
  async (address) => {
    const lock = await takeLock(address);

    await expect(takeLock(address)).rejects.toThrow(mine);

    lock.release();
    (await takeLock(address)).release();
  },
);

test('takes over the file of a process that was killed', async () => {
  const address = join(directory, 'lock.sock');
  const leave = `require('node:net').createServer().listen(process.argv[1], () => process.kill(process.pid, 'SIGKILL'))`;
  await expect(promisify(execFile)(process.execPath, ['-e', leave, address])).rejects.toThrow();

  const lock = await takeLock(address);

  const other = createServer().listen(address);
  expect(await once(other, 'error')).toMatchObject([{ code: 'EADDRINUSE' }]);
  lock.release();
});

// To be somebody else takes the rights of root.
test.runIf(process.getuid?.() === 0)('is the same for every user, root first too', async () => {
  const address = `\0${directory}`;
  const lock = await takeLock(address);

  expect(await takeAs(65_534, address)).toContain(mine);

  lock.release();
  expect(await takeAs(65_534, address)).toBe('taken');
  (await takeLock(address)).release();
});

async function takeAs(user: number, address: string): Promise<string> {
  const module = new URL('../src/rig/machine/lock.ts', import.meta.url).href;
  const script = `import { takeLock } from ${JSON.stringify(module)};
    await takeLock(${JSON.stringify(address)}).then(
      (lock) => { lock.release(); console.log('taken'); },
      ({ message }) => console.log(message));`;
  const ids = ['--reuid', `${user}`, '--regid', `${user}`, '--clear-groups'];
  const command = [process.execPath, '--input-type=module-typescript', '-e', script];
  const { stdout } = await promisify(execFile)('setpriv', [...ids, ...command], { cwd: '/' });
  return stdout.trim();
}

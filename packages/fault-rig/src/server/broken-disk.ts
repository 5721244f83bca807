import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Returns true if {@link breakDisk} works here. */
export async function canBreakDisk(): Promise<boolean> {
  return run('prlimit', ['--version']).then(
    () => true,
    () => false,
  );
}

/**
 * Makes every later write of a process to a file fail (EFBIG), as on a broken device: its
 * limit on the size of files (RLIMIT_FSIZE) is set to nothing. Node ignores the signal that comes with
 * it. The limit ends with the process.
 */
export async function breakDisk(pid: number): Promise<void> {
  await run('prlimit', ['--pid', String(pid), '--fsize=0:unlimited']);
}

import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { SettingsError } from './settings.ts';

/**
 * Returns the directory for the reports of a run, and makes it if it does not exist. It is made before anything
 * is measured, so that a failure does not come minutes later.
 *
 * @param root the top of the repository
 * @param asked the directory of the settings; by default a directory of its own below `bench/out`
 */
export function reportDirectory(root: string, asked: string | undefined, now: Date): string {
  const stamp = now.toISOString().slice(0, 19).replaceAll(':', '-');
  const named = asked ?? join(root, 'bench', 'out', stamp);
  try {
    // It fails if the path is relative and the working directory was removed.
    const directory = resolve(named);
    mkdirSync(directory, { recursive: true });
    return directory;
  } catch (cause) {
    const { message, syscall } = cause as NodeJS.ErrnoException;
    const reason = syscall === 'uv_cwd' ? 'the working directory is gone' : message;
    throw new SettingsError(
      `the reports cannot go to ${named}: ${reason}; --out names another place`,
      {
        cause,
      },
    );
  }
}

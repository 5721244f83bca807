import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { SettingsError } from './settings.ts';

/**
 * The directory that the reports of a run go to, made if it is not there. It is made before anything
 * is measured: minutes later would be late to find that it cannot be.
 *
 * @param root the top of the repository
 * @param asked what the settings say; by default a directory of its own below `bench/out`
 */
export function reportDirectory(root: string, asked: string | undefined, now: Date): string {
  const stamp = now.toISOString().slice(0, 19).replaceAll(':', '-');
  const named = asked ?? join(root, 'bench', 'out', stamp);
  try {
    // It fails where the path is relative and the working directory is gone.
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

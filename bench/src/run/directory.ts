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
  const directory = asked === undefined ? join(root, 'bench', 'out', stamp) : resolve(asked);
  try {
    mkdirSync(directory, { recursive: true });
  } catch (cause) {
    throw new SettingsError(
      `the reports cannot go to ${directory}: ${(cause as Error).message}; --out names another place`,
      {
        cause,
      },
    );
  }
  return directory;
}

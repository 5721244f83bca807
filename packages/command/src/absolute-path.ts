import { resolve } from 'node:path';

/**
 * Resolves a path against the working directory. That may have been removed, so a command asks for it when
 * it needs the path, and not before.
 *
 * @throws {Error} where there is no working directory and the path is relative; its message is one for people
 */
export function absolutePath(path: string): string {
  try {
    return resolve(path);
  } catch (cause) {
    throw new Error(
      `The working directory is gone, so there is no ${path}; name the whole path, or start elsewhere.`,
      { cause },
    );
  }
}

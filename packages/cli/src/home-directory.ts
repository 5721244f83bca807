import { homedir } from 'node:os';

/** Returns the home directory of this user; the root for one whom the system does not know, as in a container. */
export function homeDirectory(): string {
  try {
    return homedir();
  } catch {
    return '/';
  }
}

// In JavaScript, which alone runs before a cache of compiled code is open.
import { accessSync, constants, mkdirSync, statSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';

const othersMayWrite = 0o022;

/**
 * Returns the directory for what this user's processes keep and run again: the preferred one where this
 * user may write, otherwise one of the user's own, so that the second user of a machine has a cache as
 * the first one has.
 *
 * The one of the user's own is below the home that the system's list of users names, and not HOME, which
 * may be that of another user. Nobody else may be able to write there: whoever can would choose what runs.
 *
 * @param {string} preferred made if it is not there
 * @param {string} name what is kept, as a directory's name
 * @returns {string | undefined} undefined where this user has no place
 */
export function cacheDirectory(preferred, name) {
  return isWritable(preferred) ? preferred : ownDirectory(name);
}

/** @param {string} directory */
function isWritable(directory) {
  try {
    mkdirSync(directory, { recursive: true });
    accessSync(directory, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

/** @param {string} name */
function ownDirectory(name) {
  try {
    const { homedir, uid } = userInfo();
    const home = statSync(homedir);
    if (home.uid !== uid || (home.mode & othersMayWrite) !== 0) return undefined;
    const directory = join(homedir, '.cache', name);
    return isWritable(directory) ? directory : undefined;
  } catch {
    // A user whom the system does not know, or one without a home.
    return undefined;
  }
}

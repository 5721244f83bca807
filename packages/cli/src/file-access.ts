import { statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';

const group = 0o070;
const others = 0o007;
const writes = 0o022;

/**
 * Tells if other users may read or write a file. The copies that systemd makes of credentials are for the
 * user of a service, who is in an access list, which a mode shows as the rights of the group.
 * [systemd.exec(5), LoadCredential=]
 */
export function othersMayUse(path: string): boolean {
  const isCredential = dirname(resolve(path)) === process.env.CREDENTIALS_DIRECTORY;
  return (modeOf(path) & (isCredential ? others : group | others)) !== 0;
}

/** Tells if other users may write a file. */
export function othersMayWrite(path: string): boolean {
  return (modeOf(path) & writes) !== 0;
}

/** The mode of a file; 0 of one that has gone. */
function modeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.mode ?? 0;
}

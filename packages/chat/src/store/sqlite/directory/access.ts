import { realpathSync, type Stats, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { databaseFilesOf, dataFilesOf } from './data-directory.ts';

// The mode bits of a file, https://pubs.opengroup.org/onlinepubs/9699919799/basedefs/sys_stat.h.html.
const groupWrites = 0o020;
const othersRead = 0o004;
const othersWrite = 0o002;
const othersEnter = 0o001;

/**
 * Returns what people should know about who else can get at the data of a directory, a sentence for
 * each way. That the group may read is fine: so another user can make backups.
 */
export function accessNotices(directory: string): string[] {
  const paths = [directory, ...dataFilesOf(directory)];
  const files = paths.flatMap((path) => {
    const stats = statSync(path, { throwIfNoEntry: false });
    return stats === undefined ? [] : [{ path, stats }];
  });
  const find = (is: (stats: Stats) => boolean) => files.find(({ stats }) => is(stats));
  const own = process.geteuid?.();
  const foreign = find(({ uid }) => own !== undefined && uid !== own);
  const isOpen = othersMayEnter(realpathSync(directory));
  const writable = find(({ mode }) => (mode & (groupWrites | (isOpen ? othersWrite : 0))) !== 0);
  const databases = new Set(databaseFilesOf(directory));
  const readable = files.find(
    ({ path, stats }) => isOpen && databases.has(path) && (stats.mode & othersRead) !== 0,
  );
  return [
    foreign &&
      `${foreign.path} belongs to user ${foreign.stats.uid}, and this process is user ${own}: ` +
        `give all files of ${directory} to the user who runs the server.`,
    writable &&
      `${writable.path} can be written by others, who could change and delete messages: ` +
        `chmod -R go-w ${directory}.`,
    readable &&
      `${readable.path} can be read by others, with the messages in it: chmod -R o-rwx ${directory}.`,
  ].filter((notice) => notice !== undefined);
}

/** Returns whether others get into a directory: through all that are above it. */
function othersMayEnter(directory: string): boolean {
  if ((statSync(directory).mode & othersEnter) === 0) return false;
  const above = dirname(directory);
  return above === directory || othersMayEnter(above);
}

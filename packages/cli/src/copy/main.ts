// `tandem backup` and `tandem restore`: files, and no transport.

import { backUpStore, restoreStore } from '@tandem/chat';
import { counted } from '@tandem/command';
import { checkProgress, copyProgress, formatBytes } from '../progress.ts';
import { runOnStoredData } from '../stored-data-command.ts';
import { printable } from '../terminal/printable.ts';
import type { CopyCommandOptions } from './copy-command.ts';

/** Makes a backup; then ends the process. */
export function backUp(options: CopyCommandOptions): Promise<void> {
  return copy('backup', backUpStore, options);
}

/** Takes a backup back; then ends the process. */
export function restore(options: CopyCommandOptions): Promise<void> {
  return copy('restore', restoreStore, options);
}

function indexRebuilt(damage: string): string {
  return `an index was damaged (${damage}); it was made anew in the copy, the messages are whole.`;
}

/** Makes or takes back a backup, and says what is in it. */
function copy(
  command: 'backup' | 'restore',
  run: typeof backUpStore,
  { file, dataDir, force }: CopyCommandOptions,
): Promise<void> {
  return runOnStoredData(command, async ({ signal, tell, warn }) => {
    const { accounts, messages, bytes, rebuilt, notices } = await run({
      directory: dataDir,
      file,
      force,
      onProgress: (copied, total) => tell(copyProgress(copied, total)),
      onCheck: (progress) => tell(checkProgress(progress)),
      signal,
    });
    for (const notice of notices) warn(notice);
    if (rebuilt !== undefined) warn(indexRebuilt(rebuilt));
    const outcome = command === 'backup' ? 'backed up to' : 'restored from';
    return `${counted(accounts, 'account')} and ${counted(messages, 'message')} ${outcome} ${printable(file)} (${formatBytes(bytes)})`;
  });
}

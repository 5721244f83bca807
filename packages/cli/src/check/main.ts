// `tandem check`: files, and no transport.

import { checkStore } from '@tandem/chat';
import { counted } from '@tandem/command';
import { checkProgress, formatBytes } from '../progress.ts';
import { runOnStoredData } from '../stored-data-command.ts';
import { printable } from '../terminal/printable.ts';
import type { CheckCommandOptions } from './check-command.ts';

/** Checks a data directory, and says what is in it; then ends the process. */
export function check({ dataDir }: CheckCommandOptions): Promise<void> {
  return runOnStoredData('check', async ({ signal, tell, warn }) => {
    const { accounts, messages, bytes, owner, notices } = await checkStore({
      directory: dataDir,
      onProgress: (progress) => tell(checkProgress(progress)),
      signal,
    });
    for (const notice of notices) warn(notice);
    const beside = owner === undefined ? '' : `, beside ${owner}`;
    return `${counted(accounts, 'account')} and ${counted(messages, 'message')} in ${printable(dataDir)} are whole (${formatBytes(bytes)}${beside})`;
  });
}

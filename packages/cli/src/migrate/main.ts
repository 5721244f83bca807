// `tandem migrate`: files and a database, and no transport.

import { join } from 'node:path';
import { moveToPostgres } from '@tandem/chat/postgres';
import { counted } from '@tandem/command';
import { Bans } from '@tandem/operator';
import { checkProgress } from '../progress.ts';
import { Refusal, runOnStoredData } from '../stored-data-command.ts';
import { printable } from '../terminal/printable.ts';
import type { MigrateCommandOptions } from './migrate-command.ts';

/** Moves the data of a stopped server into PostgreSQL, and says what it was; then ends the process. */
export function migrate({ dataDir, postgresUrl: url }: MigrateCommandOptions): Promise<void> {
  return runOnStoredData('migrate', async ({ signal, tell, warn }) => {
    const moved = await moveToPostgres({
      directory: dataDir,
      url,
      readBans: () => readBans(join(dataDir, 'bans.json')),
      onCheck: (progress) => tell(checkProgress(progress)),
      onProgress: (rows, total) =>
        tell(`${Math.floor((100 * rows) / total)} % of the accounts and messages moved`),
      onNotice: warn,
      signal,
    });
    const what = [
      `${counted(moved.accounts, 'account')} (${moved.secrets} with a secret)`,
      counted(moved.messages, 'message'),
      counted(moved.blocks, 'block'),
    ];
    return `${what.join(', ')} and ${counted(moved.bans, 'ban')} moved from ${printable(dataDir)}, which keeps them, to ${printable(url)}`;
  });
}

function readBans(path: string) {
  try {
    return Bans.open(path).list;
  } catch (error) {
    const reason = printable((error as Error).message);
    throw new Refusal(`The list of bans is not valid: ${reason}. Correct it, or delete it.`);
  }
}

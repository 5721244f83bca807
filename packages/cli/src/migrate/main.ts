// `tandem migrate`: files and a database, and no transport.
import { join } from 'node:path';
import { type CheckProgress, StoreError } from '@tandem/chat';
import { moveToPostgres } from '@tandem/chat/postgres';
import { stopOnSignals } from '@tandem/command';
import { Bans } from '@tandem/operator';
import { checkProgress, counted, everySecond } from '../progress.ts';
import { refuse } from '../refuse.ts';
import { explainStoreError } from '../store-error.ts';
import { printable } from '../terminal/printable.ts';
import type { MigrateCommandOptions } from './migrate-command.ts';

/** Moves the data of a stopped server into PostgreSQL, and says what it was; then ends the process. */
export async function migrate({ dataDir, postgresUrl: url }: MigrateCommandOptions): Promise<void> {
  const stop = stopOnSignals();
  const tell = everySecond((progress: string) => void process.stderr.write(`${progress}\n`));
  try {
    const moved = await moveToPostgres({
      directory: dataDir,
      url,
      readBans: () => readBans(join(dataDir, 'bans.json')),
      onCheck: (progress: CheckProgress) => tell(checkProgress(progress)),
      onProgress: (rows, total) =>
        tell(`${Math.floor((100 * rows) / total)} % of the accounts and messages moved`),
      onNotice: (notice) => void process.stderr.write(`Warning: ${notice}\n`),
      signal: stop.signal,
    });
    const what = [
      `${counted(moved.accounts, 'account')} (${moved.secrets} with a secret)`,
      counted(moved.messages, 'message'),
      counted(moved.blocks, 'block'),
    ];
    process.stdout.write(
      `${what.join(', ')} and ${counted(moved.bans, 'ban')} moved from ${printable(dataDir)}, which is as it was, to ${printable(url)}\n`,
    );
    process.exit(0);
  } catch (error) {
    if (stop.exitCode !== undefined) process.exit(stop.exitCode);
    refuse(explainStoreError(error, 'migrate') ?? String(error));
  }
}

function readBans(path: string) {
  try {
    return Bans.open(path).list;
  } catch (error) {
    const reason = printable((error as Error).message);
    throw new StoreError('altered', `the list of bans is of no use: ${reason}`);
  }
}

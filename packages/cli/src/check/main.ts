// `tandem check`: files, and no transport.
import { type CheckProgress, checkStore } from '@tandem/chat';
import { stopOnSignals } from '@tandem/command';
import { checkProgress, counted, everySecond, formatBytes } from '../progress.ts';
import { refuse } from '../refuse.ts';
import { explainStoreError } from '../store-error.ts';
import { printable } from '../terminal/printable.ts';
import type { CheckCommandOptions } from './check-command.ts';

/** Checks a data directory, and says what is in it; then ends the process. */
export async function check({ dataDir }: CheckCommandOptions): Promise<void> {
  const stop = stopOnSignals();
  const onProgress = everySecond((progress: CheckProgress) => {
    process.stderr.write(`${checkProgress(progress)}\n`);
  });
  try {
    const { accounts, messages, bytes, owner, notices } = await checkStore({
      directory: dataDir,
      onProgress,
      signal: stop.signal,
    });
    for (const notice of notices) process.stderr.write(`Warning: ${notice}\n`);
    const beside = owner === undefined ? '' : `, beside ${owner}`;
    process.stdout.write(
      `${counted(accounts, 'account')} and ${counted(messages, 'message')} in ${printable(dataDir)} are whole (${formatBytes(bytes)}${beside})\n`,
    );
    process.exit(0);
  } catch (error) {
    if (stop.exitCode !== undefined) process.exit(stop.exitCode);
    refuse(explainStoreError(error, 'check') ?? String(error));
  }
}

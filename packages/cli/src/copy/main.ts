// `tandem backup` and `tandem restore`: files, and no transport.
import { backUpStore, type CheckProgress, restoreStore } from '@tandem/chat';
import { stopOnSignals } from '@tandem/command';
import { checkProgress, copyProgress, counted, everySecond, formatBytes } from '../progress.ts';
import { refuse } from '../refuse.ts';
import { explainStoreError } from '../store-error.ts';
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
async function copy(
  command: 'backup' | 'restore',
  run: typeof backUpStore,
  { file, dataDir, force }: CopyCommandOptions,
): Promise<void> {
  const stop = stopOnSignals();
  const tell = everySecond((progress: string) => void process.stderr.write(`${progress}\n`));
  const onProgress = (copied: number, total: number) => tell(copyProgress(copied, total));
  const onCheck = (progress: CheckProgress) => tell(checkProgress(progress));
  try {
    const done = await run({
      directory: dataDir,
      file,
      force,
      onProgress,
      onCheck,
      signal: stop.signal,
    });
    const outcome = command === 'backup' ? 'backed up to' : 'restored from';
    const { accounts, messages, bytes, rebuilt } = done;
    if (rebuilt !== undefined) process.stderr.write(`Warning: ${indexRebuilt(rebuilt)}\n`);
    process.stdout.write(
      `${counted(accounts, 'account')} and ${counted(messages, 'message')} ${outcome} ${printable(file)} (${formatBytes(bytes)})\n`,
    );
    process.exit(0);
  } catch (error) {
    if (stop.exitCode !== undefined) process.exit(stop.exitCode);
    refuse(explainStoreError(error, command) ?? String(error));
  }
}

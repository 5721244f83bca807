// `tandem backup` and `tandem restore`: files, and no transport.
import { backUpStore, restoreStore } from '@tandem/chat';
import type { CopyCommandOptions } from '../copy-command.ts';
import { copyProgress, everySecond, formatBytes } from '../progress.ts';
import { refuse } from '../refuse.ts';
import { signalExitCode, stopSignal } from '../stop-signal.ts';
import { explainStoreError } from '../store-error.ts';

/** Makes a backup; then ends the process. */
export function backUp(options: CopyCommandOptions): Promise<void> {
  return copy(backUpStore, options, 'backed up to');
}

/** Takes a backup back; then ends the process. */
export function restore(options: CopyCommandOptions): Promise<void> {
  return copy(restoreStore, options, 'restored from');
}

/** Makes or takes back a backup, and says what is in it. */
async function copy(
  run: typeof backUpStore,
  { file, dataDir, force }: CopyCommandOptions,
  outcome: string,
): Promise<void> {
  const aborting = new AbortController();
  void stopSignal(process, (code) => process.exit(code)).then((signal) => aborting.abort(signal));
  const { signal } = aborting;
  const onProgress = everySecond((copiedBytes: number, totalBytes: number) => {
    process.stderr.write(`${copyProgress(copiedBytes, totalBytes)}\n`);
  });
  try {
    const done = await run({ directory: dataDir, file, force, onProgress, signal });
    const { accounts, messages, bytes } = done;
    process.stdout.write(
      `${accounts} accounts and ${messages} messages ${outcome} ${file} (${formatBytes(bytes)})\n`,
    );
    process.exit(0);
  } catch (error) {
    if (signal.aborted) process.exit(signalExitCode(signal.reason));
    refuse(explainStoreError(error) ?? String(error));
  }
}

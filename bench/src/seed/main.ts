import { stopOnSignals } from '@tandem/command';
import { refuseUnwritable } from '../load/record/outputs.ts';
import { takeLock } from '../rig/machine/lock.ts';
import { root } from '../root.ts';
import type { SeedCommandOptions } from './command.ts';
import { runSeed } from './run-seed.ts';

/** Measures the program of 2023 beside ours. */
export async function seed(directory: string, options: SeedCommandOptions): Promise<void> {
  refuseUnwritable(options);
  const lock = await takeLock();
  const stop = stopOnSignals(() => process.stderr.write('\nending\n'));
  try {
    await runSeed(root, directory, options, stop.signal);
  } catch (error) {
    if (stop.exitCode === undefined) throw error;
  } finally {
    process.exitCode = stop.exitCode ?? process.exitCode;
    stop.stopListening();
    lock.release();
  }
}

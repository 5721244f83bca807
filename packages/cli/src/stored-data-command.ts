import { stopOnSignals } from '@tandem/command';
import { everySecond } from './progress.ts';
import { refuse } from './refuse.ts';
import { explainStoreError, type StoreCommand } from './store-error.ts';

/** The parts of a command on the data of a server. */
export interface StoredDataRun {
  /** Aborted when the command has to stop. */
  readonly signal: AbortSignal;
  /** Says on standard error how far it is, at most once a second. */
  readonly tell: (progress: string) => void;
  /** Says on standard error what an operator should know. */
  readonly warn: (notice: string) => void;
}

/** Thrown by a command that cannot do what was asked for: its message says why, and what to do. */
export class Refusal extends Error {}

/**
 * Runs a command on the data of a server, prints the outcome that it returns, and ends the process: with the
 * code of a signal when it was told to stop, and with the reason on standard error when it failed.
 */
export async function runOnStoredData(
  command: StoreCommand,
  run: (parts: StoredDataRun) => Promise<string>,
): Promise<never> {
  const stop = stopOnSignals();
  try {
    const outcome = await run({
      signal: stop.signal,
      tell: everySecond((progress: string) => void process.stderr.write(`${progress}\n`)),
      warn: (notice) => void process.stderr.write(`Warning: ${notice}\n`),
    });
    process.stdout.write(`${outcome}\n`);
    process.exit(0);
  } catch (error) {
    if (stop.exitCode !== undefined) process.exit(stop.exitCode);
    const refusal = [error, (error as Error).cause].find((reason) => reason instanceof Refusal);
    if (refusal !== undefined) return refuse(refusal.message);
    return refuse(explainStoreError(error, command) ?? String(error));
  }
}

import { type ChildProcess, fork } from 'node:child_process';
import { getCompileCacheDir } from 'node:module';
import { StoreError, type StoreErrorCode } from '../../store-error.ts';
import { logPathOf, sizeOf } from '../log/write-ahead-log.ts';
import { storeError } from '../sqlite-errors.ts';
import { checkAndRebuild } from './check-database.ts';
import type { CheckOptions, CheckProgress, Findings } from './findings.ts';

/** A message of the process of a check to its parent; it has one of these. */
export interface CheckerMessage {
  readonly progress?: CheckProgress;
  readonly findings?: Findings;
  readonly error?: { readonly code: StoreErrorCode; readonly message: string };
}

// Pages of this many bytes are read in some hundredths of a second, which nobody need be able to end.
const inlineBytesMax = 16 * 1024 * 1024;
const progressEveryMs = 1_000;

/**
 * Checks a database, see {@link checkAndRebuild}: a large one in a process of its own, so that the signal
 * ends it at any moment and the event loop goes on. Rejects with the signal's reason then.
 */
export async function check(path: string, options: CheckOptions = {}): Promise<Findings> {
  options.signal?.throwIfAborted();
  const bytes = sizeOf(path) + sizeOf(logPathOf(path));
  if (bytes <= inlineBytesMax) return checkAndRebuild(path, options);
  return checkInProcess(path, options);
}

/** Throws what was found in the database at `path`, unless all is well but for an index. */
export function refuseDamage({ damage, altered }: Findings, path: string): void {
  if (damage !== undefined) throw storeError('corrupt', path, new Error(damage));
  if (altered !== undefined) throw storeError('altered', path, new Error(altered));
}

async function checkInProcess(path: string, options: CheckOptions): Promise<Findings> {
  const { signal, onProgress, ...plain } = options;
  const child = fork(
    new URL('./checker-process.ts', import.meta.url),
    [path, JSON.stringify(plain)],
    {
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
      execArgv: [],
      env: { NODE_COMPILE_CACHE: getCompileCacheDir(), ...process.env },
    },
  );
  const end = () => child.kill('SIGKILL');
  signal?.addEventListener('abort', end);
  let progress: CheckProgress = { rowsShare: undefined };
  // It cannot speak while SQLite reads pages.
  const timer = setInterval(() => onProgress?.(progress), progressEveryMs);
  try {
    return await findingsOf(child, path, (latest) => {
      progress = latest;
    });
  } catch (error) {
    signal?.throwIfAborted();
    throw error;
  } finally {
    clearInterval(timer);
    signal?.removeEventListener('abort', end);
    end();
  }
}

function findingsOf(
  child: ChildProcess,
  path: string,
  onProgress: (progress: CheckProgress) => void,
): Promise<Findings> {
  const { promise, resolve, reject } = Promise.withResolvers<Findings>();
  child.on('message', ({ progress, findings, error }: CheckerMessage) => {
    if (progress !== undefined) onProgress(progress);
    if (findings !== undefined) resolve(findings);
    if (error !== undefined) reject(new StoreError(error.code, error.message));
  });
  child.on('error', (error) => reject(storeError('io', path, error)));
  child.on('exit', (code, signal) => {
    const detail = new Error(`the process that checks it ended with ${signal ?? code}`);
    reject(storeError('io', path, detail));
  });
  return promise;
}

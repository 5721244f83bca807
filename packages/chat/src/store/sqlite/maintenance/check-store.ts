import { existsSync } from 'node:fs';
import { check, refuseDamage } from '../check/checker.ts';
import type { CheckOptions, CheckProgress, Findings } from '../check/findings.ts';
import { accessNotices } from '../directory/access.ts';
import { databasePathOf, finishCutShort, refuseOddDataFiles } from '../directory/data-directory.ts';
import { ownerOf } from '../directory/owner.ts';
import { emptyError, refuseLoss, refuseUnfinished } from '../log/log-mark.ts';
import { logPathOf, sizeOf } from '../log/write-ahead-log.ts';
import { asStoreError, storeError } from '../sqlite-errors.ts';
import type { CopySummary } from './copy.ts';

/** The options of a check. */
export interface CheckStoreOptions {
  /** The data directory. */
  readonly directory: string;
  readonly onProgress?: (progress: CheckProgress) => void;
  /** Ends the check. */
  readonly signal?: AbortSignal;
}

/** The result of a check that found the data whole. */
export interface CheckSummary extends Omit<CopySummary, 'rebuilt'> {
  /** The process that has the data meanwhile, in words; undefined for none. */
  readonly owner: string | undefined;
}

/**
 * Checks all that can be checked of the data of a store, running or not, as it is at this moment, and
 * changes nothing; but it completes a restore that was cut short, as every command does.
 *
 * Rejects with `not-found` (no data), `corrupt`, `index` (which the next start makes anew), `altered`,
 * `foreign`, `newer`, `not-a-database`, `not-a-file`, `unreadable`, `io`; with the signal's reason.
 */
export async function checkStore(options: CheckStoreOptions): Promise<CheckSummary> {
  const { directory, signal, onProgress } = options;
  const path = databasePathOf(directory);
  try {
    refuseOddDataFiles(directory);
    finishCutShort(directory, 'tandem check');
    refuseUnfinished(path);
    const notices = await refuseLoss(path, signal);
    if (!existsSync(path)) throw storeError('not-found', path);
    const { accounts, messages } = await checkWhole(path, { signal, onProgress });
    const bytes = sizeOf(path) + sizeOf(logPathOf(path));
    const owner = ownerOf(directory);
    return { accounts, messages, bytes, owner, notices: [...accessNotices(directory), ...notices] };
  } catch (error) {
    throw signal?.aborted ? error : asStoreError(error, path);
  }
}

/** Checks all of a database that may be open in this process. Rejects as {@link checkStore} does. */
export async function checkWhole(
  path: string,
  options: Pick<CheckOptions, 'signal' | 'onProgress'>,
): Promise<Findings> {
  const found = await check(path, options);
  if (found.isNew) throw emptyError(path);
  refuseDamage(found, path);
  if (found.indexDamage !== undefined)
    throw storeError('index', path, new Error(found.indexDamage));
  return found;
}

import { spawnSync } from 'node:child_process';

/** A version of the contract that was on the main branch. */
export interface EarlierContract {
  readonly commit: string;
  readonly text: string;
}

/**
 * The last version on the main branch that is not this one: on a branch, where it left main; on main
 * itself, what the contract was before its last change. Undefined where there is none: before the
 * first change, in a clone without history, outside a repository.
 */
export function earlierContract(directory: string, ours: string): EarlierContract | undefined {
  const base = whereMainWasLeft(directory);
  if (base === undefined) return undefined;
  const log = ['log', '--first-parent', '--format=%H', base, '--', 'messageservice.proto'];
  for (const commit of git(directory, log)?.match(/\S+/g) ?? []) {
    const text = git(directory, ['show', `${commit}:./messageservice.proto`]);
    if (text !== undefined && text !== ours) return { commit, text };
  }
  return undefined;
}

function whereMainWasLeft(directory: string): string | undefined {
  for (const main of ['origin/main', 'main', 'HEAD']) {
    const base = git(directory, ['merge-base', 'HEAD', main])?.trim();
    if (base !== undefined) return base;
  }
  return undefined;
}

/** Returns the output of git, or undefined if it failed: no such repository, revision or file. */
function git(directory: string, args: readonly string[]): string | undefined {
  const { status, stdout } = spawnSync('git', args, { cwd: directory, encoding: 'utf8' });
  return status === 0 ? stdout : undefined;
}

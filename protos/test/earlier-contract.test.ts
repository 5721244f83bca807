import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { earlierContract } from '../scripts/earlier-contract.ts';

const hasGit = spawnSync('git', ['--version']).status === 0;

let directory: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'tandem-earlier-'));
  // Inside a hook these name the repository that the tests must not touch.
  for (const name of ['GIT_DIR', 'GIT_WORK_TREE', 'GIT_INDEX_FILE']) vi.stubEnv(name, undefined);
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(directory, { recursive: true });
});

describe.skipIf(!hasGit)('the earlier contract', () => {
  it('is none outside a repository, and none before the first change', () => {
    expect(earlierContract(directory, 'one')).toBeUndefined();
    git('init', '--initial-branch=main');
    expect(earlierContract(directory, 'one')).toBeUndefined();
    commit('one');
    expect(earlierContract(directory, 'one')).toBeUndefined();
  });

  it('is none on a branch of a main that has no contract', () => {
    git('init', '--initial-branch=main');
    git('commit', '--allow-empty', '--no-gpg-sign', '--message', 'empty');
    git('switch', '--create', 'branch');
    commit('one');
    expect(earlierContract(directory, 'two')).toBeUndefined();
  });

  it('is the committed version while there are changes to it', () => {
    git('init', '--initial-branch=main');
    commit('one');
    expect(earlierContract(directory, 'two')).toMatchObject({ text: 'one' });
  });

  it('is the version before the last change on main', () => {
    git('init', '--initial-branch=main');
    for (const text of ['one', 'two', 'three', 'three']) commit(text);
    expect(earlierContract(directory, 'three')).toMatchObject({ text: 'two' });
  });

  it('is what the branch left main with, whatever either did since', () => {
    git('init', '--initial-branch=main');
    for (const text of ['one', 'two']) commit(text);
    git('switch', '--create', 'branch');
    for (const text of ['three', 'four']) commit(text);
    git('switch', 'main');
    commit('five');
    git('switch', 'branch');
    expect(earlierContract(directory, 'four')).toMatchObject({ text: 'two' });
  });

  it('is main of the origin when the local one has gone ahead', () => {
    git('init', '--initial-branch=main');
    commit('one');
    git('update-ref', 'refs/remotes/origin/main', 'HEAD');
    for (const text of ['two', 'three']) commit(text);
    expect(earlierContract(directory, 'three')).toMatchObject({ text: 'one' });
  });
});

function git(...args: string[]): void {
  const identity = ['-c', 'user.name=Tandem', '-c', 'user.email=tandem@localhost'];
  execFileSync('git', [...identity, ...args], { cwd: directory, stdio: 'ignore' });
}

function commit(text: string): void {
  writeFileSync(join(directory, 'messageservice.proto'), text);
  git('add', '.');
  git('commit', '--allow-empty', '--no-gpg-sign', '--message', text);
}

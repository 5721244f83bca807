import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { findPostgres } from './programs.ts';

/** Makes a directory with the programs of several versions, of which 16 lacks one. */
function installed(): string {
  const root = mkdtempSync(join(tmpdir(), 'tandem-programs-'));
  onTestFinished(() => rmSync(root, { recursive: true }));
  for (const version of ['9', '15', '16']) {
    mkdirSync(join(root, version, 'bin'), { recursive: true });
    for (const program of version === '16' ? ['initdb'] : ['initdb', 'postgres']) {
      writeFileSync(join(root, version, 'bin', program), '');
    }
  }
  mkdirSync(join(root, 'links'));
  symlinkSync(join(root, '15/bin/initdb'), join(root, 'links/initdb'));
  return root;
}

it.each([
  ['the highest version that is whole', () => '', '15/bin'],
  ['what the PATH has, before that', (root: string) => `:/nowhere:${root}/9/bin`, '9/bin'],
  ['the programs beside the file that a link is to', (root: string) => `${root}/links`, '15/bin'],
])('finds %s', (_name, path, expected) => {
  const root = installed();
  expect(findPostgres(path(root), [`${root}/*/bin`])).toBe(join(root, expected));
});

it('finds none where there is none', () => {
  expect(findPostgres('/nowhere', ['/nowhere/*/bin'])).toBeUndefined();
});

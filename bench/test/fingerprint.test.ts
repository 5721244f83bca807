import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { codeState, fingerprint, versionsIn } from '../src/rig/machine/fingerprint.ts';

const root = mkdtempSync(join(tmpdir(), 'tandem-fingerprint-'));
afterAll(() => rmSync(root, { recursive: true }));

test('tells code with changes from the commit that it is of', () => {
  const lockfile = join(root, 'pnpm-lock.yaml');
  writeFileSync(lockfile, 'packages:\n');
  const git = (...args: string[]) =>
    execFileSync('git', ['-C', root, '-c', 'user.name=a', '-c', 'user.email=a@b', ...args], {
      encoding: 'utf8',
    }).trim();
  git('init', '-q');
  git('add', '.');
  git('commit', '-qm', 'first');

  const clean = fingerprint(root);
  const before = codeState(root);
  const commitOf = (path: string) => {
    mkdirSync(join(root, path, '..'), { recursive: true });
    writeFileSync(join(root, path), path);
    git('add', '.');
    git('commit', '-qm', path);
    return codeState(root);
  };
  writeFileSync(lockfile, 'packages: {}\n');
  const changed = fingerprint(root);

  expect(clean).toMatchObject({ commit: changed.commit, dirty: false });
  expect(changed).toMatchObject({ commit: clean.commit, dirty: true });
  expect(changed.lockfileSha256).toBe(createHash('sha256').update('packages: {}\n').digest('hex'));
  expect(clean).toMatchObject({ runtime: `Node.js ${process.version}`, v8: process.versions.v8 });
  expect(clean.cores).toBeGreaterThan(0);

  expect(codeState(root)).not.toBe(before);
  writeFileSync(lockfile, 'packages:\n');
  expect(codeState(root)).toBe(before);
  expect(commitOf('docs/text.md')).toBe(before);
  expect(commitOf('bench/reports/a/report.json')).toBe(before);
  expect(commitOf('packages/core/src/code.ts')).not.toBe(before);
});

test('finds the versions that a lockfile settles', () => {
  const lockfile = [
    'packages:',
    '',
    "  '@grpc/grpc-js@1.14.7':",
    '    resolution: {integrity: sha512-a}',
    '  protobufjs@7.5.4:',
    '  tinybench@6.2.3:',
    'snapshots:',
    "  '@grpc/proto-loader@0.8.0(protobufjs@7.5.4)':",
  ].join('\n');

  expect(versionsIn(lockfile)).toEqual({
    '@grpc/grpc-js': '1.14.7',
    protobufjs: '7.5.4',
    tinybench: '6.2.3',
  });
});

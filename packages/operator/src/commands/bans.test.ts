import { mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { Bans, type BanTarget, parseBanTarget } from './bans.ts';

function newDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), 'tandem-'));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  return directory;
}

it.each<[string, BanTarget | undefined]>([
  ['alice', { kind: 'name', name: 'alice' }],
  ['1234', { kind: 'name', name: '1234' }],
  ['192.0.2.7', { kind: 'network', network: '192.0.2.7' }],
  ['::ffff:192.0.2.7', { kind: 'network', network: '192.0.2.7' }],
  ['2001:DB8::1', { kind: 'network', network: '2001:db8:0:0' }],
  ['[2001:db8:0:0:5::1]', { kind: 'network', network: '2001:db8:0:0' }],
  ['192.0.2', undefined],
  ['192.0.2.0/24', undefined],
  ['a b', undefined],
  ['', undefined],
])('takes %j for %j', (text, target) => {
  expect(parseBanTarget(text)).toEqual(target);
});

it('knows after a restart who is banned', () => {
  const path = join(newDirectory(), 'bans.json');
  const bans = Bans.open(path);
  expect(bans.add({ kind: 'name', name: 'mallory' })).toBe(true);
  expect(bans.add({ kind: 'name', name: 'mallory' })).toBe(false);
  expect(bans.add({ kind: 'network', network: '192.0.2.7' })).toBe(true);
  expect(bans.add({ kind: 'name', name: 'eve' })).toBe(true);
  expect(bans.remove({ kind: 'name', name: 'eve' })).toBe(true);
  expect(bans.remove({ kind: 'name', name: 'eve' })).toBe(false);
  const again = Bans.open(path);
  expect(again.list).toEqual({ names: ['mallory'], networks: ['192.0.2.7'] });
  expect(again.hasName('mallory')).toBe(true);
  expect(again.hasNetwork('192.0.2.7')).toBe(true);
});

it('changes nothing when the file cannot be written, and leaves nothing behind', () => {
  const directory = newDirectory();
  const path = join(directory, 'bans.json');
  const bans = Bans.open(path);
  mkdirSync(path);
  expect(() => bans.add({ kind: 'name', name: 'mallory' })).toThrow();
  expect(bans.hasName('mallory')).toBe(false);
  expect(readdirSync(directory)).toEqual(['bans.json']);
});

it.each(['', '{', '[]', 'null', '{"names":[]}', '{"names":[1],"networks":[]}'])(
  'refuses a file with %j, and says so',
  (text) => {
    const path = join(newDirectory(), 'bans.json');
    writeFileSync(path, text);
    expect(() => Bans.open(path)).toThrow(path);
  },
);

it('follows no symbolic link', () => {
  const path = join(newDirectory(), 'bans.json');
  symlinkSync('/etc/hostname', path);
  expect(() => Bans.open(path)).toThrow('not a regular file');
});

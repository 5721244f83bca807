import { execFileSync } from 'node:child_process';
import {
  linkSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
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
  ['2001:DB8:0:0', { kind: 'network', network: '2001:db8:0:0' }],
  ['0:0:0:0', { kind: 'network', network: '0:0:0:0' }],
  ['192.0.2', undefined],
  ['2001:db8:0', undefined],
  ['2001:db8:0:fffff', undefined],
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

it('knows a ban that somebody has written into the file in another way', () => {
  const path = join(newDirectory(), 'bans.json');
  const networks = ['2001:DB8:0::7', '::ffff:192.0.2.7', '2001:db8:0:1'];
  writeFileSync(path, JSON.stringify({ names: ['mallory'], networks }));
  const bans = Bans.open(path);
  expect(bans.list).toEqual({
    names: ['mallory'],
    networks: ['2001:db8:0:0', '192.0.2.7', '2001:db8:0:1'],
  });
  for (const network of bans.list.networks) {
    const target = parseBanTarget(network);
    expect(target && bans.remove(target), network).toBe(true);
  }
});

it.each([
  ['names', '192.0.2.7', 'username'],
  ['names', 'a b', 'username'],
  ['networks', 'mallory', 'address'],
  ['networks', '192.0.2.0/24', 'address'],
  ['networks', '', 'address'],
])('refuses in %s what bans nobody there, and names it: %j', (list, text, meant) => {
  const path = join(newDirectory(), 'bans.json');
  writeFileSync(path, JSON.stringify({ names: [], networks: [], [list]: [text] }));
  expect(() => Bans.open(path)).toThrow(
    new RegExp(`has "${text}" in "${list}", which is no .*${meant}$`),
  );
});

it.each(['bans.json', 'bans.json.partial'])('changes nothing while %s is a link', (name) => {
  const directory = newDirectory();
  const bans = Bans.open(join(directory, 'bans.json'));
  const other = join(directory, 'other');
  writeFileSync(other, 'mine');
  symlinkSync(other, join(directory, name));
  expect(() => bans.add({ kind: 'name', name: 'mallory' })).toThrow('not a regular file');
  expect(bans.list.names).toEqual([]);
  expect(lstatSync(join(directory, name)).isSymbolicLink()).toBe(true);
  expect(readFileSync(other, 'utf8')).toBe('mine');
});

it('follows no symbolic link', () => {
  const path = join(newDirectory(), 'bans.json');
  symlinkSync('/etc/hostname', path);
  expect(() => Bans.open(path)).toThrow('not a regular file');
});

it('reads no file with another name, and waits for nobody at a pipe', () => {
  const directory = newDirectory();
  const path = join(directory, 'bans.json');
  writeFileSync(join(directory, 'other'), '{"names":[],"networks":[]}');
  linkSync(join(directory, 'other'), path);
  expect(() => Bans.open(path)).toThrow('hard link');
  rmSync(path);
  execFileSync('mkfifo', [path]);
  expect(() => Bans.open(path)).toThrow('not a regular file');
});

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import { afterAll, expect, test } from 'vitest';
import { addRunOptions } from './options.ts';
import { SettingsError, settingsFrom } from './settings-schema.ts';

const directory = mkdtempSync(join(tmpdir(), 'tandem-options-'));
afterAll(() => rmSync(directory, { recursive: true }));

test('takes lists with commas, and leaves out options that were not given', () => {
  expect(parse('--lanes', 'a,b', '--placement', 'same-core', '--rounds', '8')).toEqual({
    lanes: ['a', 'b'],
    placements: ['same-core'],
    rounds: 8,
  });
  expect(parse()).toEqual({});
  expect(parse('--no-wire')).toEqual({ wire: false });
});

test('lets the command line win over the configuration file', () => {
  const config = file('{"rounds": 3, "measureMs": 50, "lanes": ["net-echo"]}');

  expect(parse('--config', config, '--rounds', '9')).toEqual({
    rounds: 9,
    measureMs: 50,
    lanes: ['net-echo'],
  });
});

test.each([
  ['{"rounds": 0}', /rounds/],
  ['{"placements": ["moon"]}', /placements/],
  ['{"speed": 1}', /speed/],
  ['{rounds}', /is not JSON/],
])('says what is wrong with a configuration of %s', (text, message) => {
  expect(() => parse('--config', file(text))).toThrow(SettingsError);
  expect(() => parse('--config', file(text))).toThrow(message);
});

test('reports that a configuration file cannot be read', () => {
  expect(() => parse('--config', join(directory, 'none.json'))).toThrow(/cannot be read/);
});

test.each([
  ['--rounds', 'many'],
  ['--lanes', 'a,,b'],
  ['--preset', 'slow'],
])('refuses %s %s', (...args) => {
  expect(() => parse(...args)).toThrow();
});

test('refuses an impossible number of rounds, with the name of the option', () => {
  expect(() => parse('--rounds', '0')).toThrow(/--rounds <count>.*from 1 to 1000/);
});

function parse(...args: string[]) {
  const command = addRunOptions(new Command())
    .exitOverride()
    .configureOutput({ writeErr: () => {} });
  command.parse(args, { from: 'user' });
  return settingsFrom(command.opts());
}

function file(text: string): string {
  const path = join(directory, 'bench.json');
  writeFileSync(path, text);
  return path;
}

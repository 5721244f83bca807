import { describeOptions, parserOf } from '@tandem/command/testing';
import { expect, test } from 'vitest';
import { labCommand } from './command.ts';

const later = async () => {};

const make = () =>
  labCommand({
    run: later,
    seed: later,
    load: later,
    wire: later,
    compare: later,
    combine: later,
    complexity: later,
    render: later,
    citeIn: later,
    list: later,
  });

describeOptions(make, {
  load: ['127.0.0.1:22067'],
  seed: ['A'],
  compare: ['A', 'B'],
  combine: ['A', 'B'],
  render: ['A'],
  cite: ['A.md'],
});

test('refuses no rounds, by the name of their option', async () => {
  expect(await parserOf(make())(['--rounds', '0'])).toEqual({
    refused: expect.stringContaining('--rounds'),
  });
});

test.each(make().commands.map((command) => [command.name(), command]))(
  'teaches %s',
  (name, command) => {
    expect(command.helpInformation()).toMatch(new RegExp(`^Usage: bench ${name} `));
  },
);

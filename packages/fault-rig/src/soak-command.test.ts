import { describeOptions, parserOf } from '@tandem/command/testing';
import { expect, test } from 'vitest';
import { soakCommand } from './soak-command.ts';

const make = () => soakCommand(async () => {});

describeOptions(make);

test.each([
  ['--minutes 0', 'from 0.01 to 34560'],
  ['--clients 3', 'from 4 to 1000'],
  ['--nodes 1', 'from 2 to 9'],
  ['--seed x', 'whole number'],
])('refuses %s with the reason: %s', async (line, reason) => {
  expect(await parserOf(make())(line.split(' '))).toEqual({
    refused: expect.stringContaining(reason),
  });
});

import { describeOptions, parserOf } from '@tandem/command/testing';
import { expect, test } from 'vitest';
import { attackCommand } from './attack-command.ts';

const make = () => attackCommand(async () => {});

describeOptions(make);

test.each([
  ['ping-flood --seconds 0', 'from 0.1 to 86400'],
  ['ping-flood --store disk', 'sqlite, memory'],
  ['--render attacks.json --seconds 5', "cannot be used with option '--seconds"],
])('refuses %s with the reason: %s', async (line, reason) => {
  expect(await parserOf(make())(line.split(' '))).toEqual({
    refused: expect.stringContaining(reason),
  });
});

import { expect, it } from 'vitest';
import { commandNames } from './command.ts';
import { helpText } from './help.ts';

it('says a line about each command', () => {
  for (const name of commandNames) expect(helpText()).toContain(`\n  ${name}`);
});

it('fits into a terminal of 80 columns', () => {
  for (const line of helpText().split('\n')) expect(line.length).toBeLessThan(80);
});

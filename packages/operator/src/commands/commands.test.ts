import { expect, it, vi } from 'vitest';
import { Bans } from './bans.ts';
import type { CommandTargets } from './command.ts';
import { operatorCommands } from './commands.ts';

it.each([
  ['bob', 'bob'],
  ['192.0.2.7', '192.0.2.7'],
])('ends again what %s has, who is banned already: that may have failed', async (target, ended) => {
  const bans = Bans.open();
  const end = vi.fn((_whom: string) => 1);
  const kick = async (name: string) => end(name) > 0;
  const has = async () => true;
  const targets = { bans, administration: { kick, has }, closeNetwork: end };
  const ban = () =>
    operatorCommands.get('ban')?.run(targets as unknown as CommandTargets, { target });
  expect(await ban()).toMatchObject({ result: { banned: target } });
  expect(await ban()).toEqual({ refused: `${target} is banned already.` });
  expect(end.mock.calls).toEqual([[ended], [ended]]);
});

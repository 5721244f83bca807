import type { Attack } from './attack.ts';

/** Nobody attacks, as long as others do: what honest clients wait then is the machine's part of a delay. */
export const nobody: Attack = {
  name: 'nobody',
  family: 'control',
  does: 'nothing, which shows the delays of the machine and its disk',
  heldBy: 'nothing has to be held',
  honest: ['unary send'],
  run: (attacker) => attacker.over,
};

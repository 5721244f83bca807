import type { Attack } from './attack.ts';
import { connections } from './connections.ts';
import { discovery } from './discovery.ts';
import { frameFloods } from './frame-floods.ts';
import { headerFloods } from './header-floods.ts';
import { heldCalls } from './held-calls.ts';
import { oddCalls } from './odd-calls.ts';
import { resetSearches } from './reset-searches.ts';
import { resets } from './resets.ts';
import { searchFloods } from './search-floods.ts';
import { unreadAnswers } from './unread-answers.ts';
import { writeFloods } from './write-floods.ts';
import { wrongBytes } from './wrong-bytes.ts';

/** Every attack, family by family. */
export const attacks: readonly Attack[] = [
  ...headerFloods,
  ...resets,
  ...frameFloods,
  ...heldCalls,
  ...oddCalls,
  ...discovery,
  ...unreadAnswers,
  ...resetSearches,
  ...searchFloods,
  ...connections,
  ...writeFloods,
  ...wrongBytes,
];

/** The attacks that a name stands for: one, a family's, or `all`. None if nothing has this name. */
export function attacksNamed(name: string): readonly Attack[] {
  return attacks.filter((attack) => [attack.name, attack.family, 'all'].includes(name));
}

/** The attack of this name. */
export function attackNamed(name: string): Attack | undefined {
  return attacks.find((attack) => attack.name === name);
}

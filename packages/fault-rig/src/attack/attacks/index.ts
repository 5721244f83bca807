import { Attacker } from '../attacker/attacker.ts';
import { type Attack, peakBytesDefault } from './attack.ts';
import { callFloods } from './calls/call-floods.ts';
import { discovery } from './calls/discovery.ts';
import { heldCalls } from './calls/held-calls.ts';
import { oddCalls } from './calls/odd-calls.ts';
import { resetSearches } from './chat/reset-searches.ts';
import { searchFloods } from './chat/search-floods.ts';
import { secretGuesses } from './chat/secret-guesses.ts';
import { sessionFloods } from './chat/session-floods.ts';
import { unreadResponses } from './chat/unread-responses.ts';
import { writeFloods } from './chat/write-floods.ts';
import { connections } from './connections/connections.ts';
import { tlsAttacks } from './connections/tls.ts';
import { wrongBytes } from './connections/wrong-bytes.ts';
import { frameFloods } from './http2/frame-floods.ts';
import { headerFloods } from './http2/header-floods.ts';
import { resets } from './http2/resets.ts';

/** Nobody attacks, as long as others do: what honest clients wait then is the machine's part of a delay. */
const nobody: Attack = {
  name: 'nobody',
  family: 'control',
  does: 'nothing, which shows the delays of the machine and its disk',
  heldBy: 'no defence is needed',
  honest: ['unary send'],
  run: (attacker) => attacker.over,
};

/** Every attack, family by family. */
export const attacks: readonly Attack[] = [
  nobody,
  ...headerFloods,
  ...resets,
  ...frameFloods,
  ...callFloods,
  ...heldCalls,
  ...oddCalls,
  ...discovery,
  ...unreadResponses,
  ...resetSearches,
  ...searchFloods,
  ...connections,
  ...secretGuesses,
  ...writeFloods,
  ...sessionFloods,
  ...tlsAttacks,
  ...wrongBytes,
];

/**
 * Returns the attacks that a name means: one, those of a group, or `all`. Names joined by `+` are one attack
 * that makes them at once. The list is empty for an unknown name.
 */
export function attacksNamed(name: string): readonly Attack[] {
  if (!name.includes('+')) {
    return attacks.filter((attack) => [attack.name, attack.family, 'all'].includes(name));
  }
  const parts = name.split('+').map(attacksNamed);
  return parts.some(({ length }) => length === 0) ? [] : [atOnce(name, parts.flat())];
}

/** Joins several attacks to one, which may take the memory of all. */
function atOnce(name: string, parts: readonly Attack[]): Attack {
  const most = (value: (attack: Attack) => number | undefined, otherwise: number) =>
    Math.max(...parts.map((part) => value(part) ?? otherwise));
  const tries = parts.flatMap((part) => part.tries ?? []);
  const sum = (numbers: readonly number[]) => numbers.reduce((a, b) => a + b, 0);
  const descriptors = parts.flatMap((part) => part.descriptors ?? []);
  return {
    name,
    family: 'together',
    does: parts.map(({ does }) => does).join('; '),
    heldBy: [...new Set(parts.map(({ heldBy }) => heldBy))].join('; '),
    processes: most(({ processes }) => processes, 1),
    honest: [...new Set(parts.flatMap(({ honest = [] }) => honest))],
    mayBeRefused: parts.flatMap(({ mayBeRefused = [] }) => mayBeRefused),
    needs: {
      names: most(({ needs }) => needs?.names, 0),
      unread: most(({ needs }) => needs?.unread, 0),
      victims: most(({ needs }) => needs?.victims, 0),
      guarded: most(({ needs }) => needs?.guarded, 0),
    },
    peakBytesMax: sum(parts.map((part) => part.peakBytesMax ?? peakBytesDefault)),
    ...(tries.length === 0
      ? {}
      : {
          tries: {
            atOnce: sum(tries.map(({ atOnce }) => atOnce)),
            perSecond: sum(tries.map(({ perSecond }) => perSecond)),
          },
        }),
    tls: parts.some(({ tls }) => tls === true),
    ...(descriptors.length === 0 ? {} : { descriptors: Math.min(...descriptors) }),
    async run(attacker) {
      // Each part has as many addresses as it has alone, so the limits of an address bound it as then.
      await Promise.all(
        parts.map((part) => part.run(new Attacker(attacker.order, part, attacker))),
      );
    },
  };
}

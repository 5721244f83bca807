import { messageCharsMax } from '@tandem/core';
import { bodyCharsMin } from '../message.ts';
import type { Random } from '../random.ts';
import type { Step } from './plan.ts';

/** The identity of an actor, and the other users. */
export interface Role {
  /** The user whose account is the actor's own. */
  readonly home: string;
  readonly users: readonly string[];
}

// The average time between an actor's steps.
const stepEveryMs = 60;

/** Makes the steps of an actor in a round. It registers first, and mostly sends. */
export function makeSteps(random: Random, role: Role, durationMs: number): Step[] {
  const steps: Step[] = [{ atMs: 0, do: 'register', user: role.home }];
  for (let atMs = 0; ; ) {
    atMs += random.exponential(stepEveryMs);
    if (atMs >= durationMs) return steps.sort((a, b) => a.atMs - b.atMs);
    steps.push(...makeStep(random, role, Math.round(atMs)));
  }
}

type MakeStep = (random: Random, role: Role, atMs: number) => Step[];

const kinds: readonly (readonly [weight: number, make: MakeStep])[] = [
  [70, (random, role, atMs) => [send(random, role, role.home, atMs)]],
  [
    6,
    (random, { users }, atMs) => [{ atMs, do: 'search', query: random.pick(['', '*1', ...users]) }],
  ],
  [5, (random, _role, atMs) => [linger(random, atMs)]],
  [4, (_random, _role, atMs) => [{ atMs, do: 'logout' }]],
  [4, (_random, _role, atMs) => [{ atMs, do: 'leave' }]],
  [4, (_random, { home }, atMs) => [{ atMs, do: 'login', user: home }]],
  [4, impersonate],
  [2, (random, { users }, atMs) => [{ atMs, do: 'register', user: random.pick(users) }]],
  [2, (_random, { home }, atMs) => deleteFull(home, atMs)],
  [
    4,
    (random, { home, users }, atMs) => [
      { atMs, do: 'take over', user: home, to: random.pick(users), chars: 2 * bodyCharsMin },
    ],
  ],
];

const weights = kinds.reduce((sum, [weight]) => sum + weight, 0);

function makeStep(random: Random, role: Role, atMs: number): Step[] {
  let drawn = random.fraction() * weights;
  const [, make] = kinds.find(([weight]) => {
    drawn -= weight;
    return drawn < 0;
  }) as readonly [number, MakeStep];
  return make(random, role, atMs);
}

// The actor is slow for a while, so that messages wait in the mailbox.
function deleteFull(user: string, atMs: number): Step[] {
  return [
    { atMs, do: 'linger', forMs: 400, eachMs: 400 },
    { atMs: atMs + 300, do: 'delete', user },
  ];
}

// Two sessions of a user show only when both are used.
function impersonate(random: Random, role: Role, atMs: number): Step[] {
  const user = random.pick(role.users);
  const first = send(random, role, user, atMs);
  return [first, { ...send(random, role, user, atMs + 20) }];
}

function send(random: Random, { home, users }: Role, user: string, atMs: number): Step {
  const next = users[(users.indexOf(home) + 1) % users.length] as string;
  const drawn = random.fraction();
  // Half of the messages go to one user, so that an order must be kept; some go to an unknown user.
  const to = drawn < 0.5 ? next : drawn < 0.97 ? random.pick(users) : `${home}nobody`;
  const chars = Array.from({ length: random.integer(1, 5) }, () =>
    random.integer(bodyCharsMin, random.chance(0.2) ? messageCharsMax : 2 * bodyCharsMin),
  );
  return { atMs, do: 'send', user, to, chars, overlapping: random.chance(0.7) };
}

function linger(random: Random, atMs: number): Step {
  return { atMs, do: 'linger', forMs: random.integer(100, 1_000), eachMs: random.integer(1, 100) };
}

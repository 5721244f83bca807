import { rm } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import type { Rule } from '../src/check/violation.ts';
import { soak } from '../src/run/soak.ts';

const sabotagedServe = fileURLToPath(new URL('fixtures/sabotaged-serve.ts', import.meta.url));

const bugs: readonly (readonly [bug: string, rule: Rule])[] = [
  ['answers before the commit', 'lost'],
  ['drops a message on a crash', 'lost'],
  ['repeats a message in place of another', 'repeated'],
  ['alters a message', 'invented'],
  ['returns what was acknowledged', 'returned'],
  ['keeps a deleted mailbox', 'deleted-kept'],
  ['swaps messages', 'out-of-order'],
  ['admits a user twice', 'two-sessions'],
  ['answers a register before the commit', 'account-lost'],
];

describe.concurrent('a server that', () => {
  test.each(bugs)('%s is found out: %s', { timeout: 150_000 }, async (bug, rule) => {
    const { summary, kept } = await soak({
      command: [sabotagedServe, bug],
      seed: 1,
      minutes: 2,
      clients: 8,
      roundSeconds: 3,
      fromRound: 0,
      lanes: ['mortal'],
      stopped: new AbortController().signal,
    });
    const found = summary.violations.map((violation) => violation.rule);
    expect(found).toContain(rule);
    await rm(kept ?? '', { recursive: true });
  });
});

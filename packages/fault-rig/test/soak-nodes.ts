import { rm } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { hasPostgres } from '@tandem/chat/postgres/testing';
import { afterAll, describe, expect, test } from 'vitest';
import type { Rule } from '../src/check/violation.ts';
import { ClientProcesses } from '../src/client/client-processes.ts';
import { type SoakOptions, type SoakResult, soak } from '../src/run/soak.ts';

const sabotagedNode = fileURLToPath(new URL('fixtures/sabotaged-node.ts', import.meta.url));
const leaseMs = 1_500;

/** A bug of the sabotaged node, with a plan that shows it. */
export interface BugOfNodes {
  readonly bug: string;
  readonly seed: number;
  /** The rules that it breaks first. */
  readonly rules: readonly Rule[];
  readonly hasStandby?: boolean;
  readonly roundSeconds?: number;
}

// The order in which processes run is not in a plan, so one round may not show a bug.
const roundsMax = 15;

/** Returns a soak of sabotaged nodes, whose clients end with the tests of the file. */
export function nodesUnderSoak() {
  const clientProcesses = new ClientProcesses();
  afterAll(() => clientProcesses.close());

  return (
    bug: string,
    options: Pick<SoakOptions, 'nodes' | 'seed' | 'clients' | 'roundSeconds'> &
      Partial<SoakOptions>,
  ): Promise<SoakResult> =>
    soak({
      command: [sabotagedNode, bug, `${leaseMs}`],
      clientProcesses,
      minutes: 4,
      fromRound: 0,
      stopped: new AbortController().signal,
      ...options,
    });
}

/** Tests that the soak detects each bug of the sabotaged node. */
export function describeBugsOfNodes(
  bugs: readonly BugOfNodes[],
  soakNodes: ReturnType<typeof nodesUnderSoak>,
): void {
  describe.skipIf(!hasPostgres).concurrent('a node that', () => {
    test.each(bugs)('$bug is detected (seed $seed)', async (planted) => {
      const { bug, seed, rules, hasStandby = false, roundSeconds = 8 } = planted;
      const found: Rule[] = [];
      for (
        let round = 0;
        round < roundsMax && !rules.some((rule) => found.includes(rule));
        round++
      ) {
        const { summary, kept } = await soakNodes(bug, {
          nodes: { count: 2, hasStandby },
          seed,
          clients: 8,
          roundSeconds,
          rounds: 1,
        });
        if (kept !== undefined) await rm(kept, { recursive: true });
        expect(summary.troubles.filter((text) => text.includes('did not start'))).toEqual([]);
        found.push(...summary.violations.map(({ rule }) => rule));
      }
      expect(rules.filter((rule) => found.includes(rule))).not.toEqual([]);
    });
  });
}

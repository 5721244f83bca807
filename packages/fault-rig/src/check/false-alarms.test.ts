import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ModelRun } from '../../test/model-run.ts';
import { Random } from '../random.ts';
import { check } from './check.ts';
import { Evidence } from './evidence.ts';

test('finds no fault in a server that keeps its promises, whatever the network does', () => {
  const seen = { sessions: 0, resumed: 0, again: 0, unanswered: 0 };
  fc.assert(
    fc.property(fc.integer(), (seed) => {
      const history = new ModelRun(new Random(`${seed}`)).play(1_500);
      expect(check(history)).toEqual([]);
      const evidence = new Evidence(history);
      seen.sessions += evidence.sessions.size;
      seen.resumed += [...evidence.sessions.values()].filter((s) => s.login.resumes).length;
      seen.again += history.takings.length - new Set(history.takings.map((t) => t.message)).size;
      seen.unanswered += history.operations.filter(({ status }) => status === undefined).length;
    }),
    { numRuns: 200 },
  );
  // The histories must have the cases that make the check hard.
  for (const count of Object.values(seen)) expect(count).toBeGreaterThan(1_000);
});

import { expect } from 'vitest';
import { check } from '../src/check/check.ts';
import type { Rule } from '../src/check/violation.ts';
import { Story } from './story.ts';

/** Returns the rules that a story breaks, and checks that the evidence of each shows it alone, too. */
export function brokenRules(tell: (story: Story) => void): Rule[] {
  const story = new Story();
  tell(story);
  return check(story.history).map((violation) => {
    const { rule, operations, takings } = violation;
    const alone = check({ operations, takings, faults: [] });
    expect(alone.map((other) => other.rule)).toContain(rule);
    return rule;
  });
}

import { expect, test } from 'vitest';
import { Story } from '../../test/story.ts';
import { check } from '../check/check.ts';
import type { FaultEvent } from '../history/event.ts';
import { renderViolation } from './render-violation.ts';

test('describes the violation, the smallest history that shows it, and the faults of the server meanwhile', () => {
  const story = new Story();
  story.register('bob');
  const ann = story.login('ann');
  story.send(ann, 'bob', 'm1');
  story.logout(ann);
  story.login('bob');
  const faults: FaultEvent[] = [
    { kind: 'fault', atMs: 6.5, fault: 'kill server', detail: '' },
    { kind: 'fault', atMs: 7.5, fault: 'delay', detail: 'somewhere' },
    { kind: 'fault', atMs: 99, fault: 'freeze server', detail: 'for 5 ms' },
  ];
  const [violation] = check(story.history);
  if (violation === undefined) throw new Error('nothing was found');
  expect(renderViolation(violation, { ...story.history, faults })).toBe(
    `lost: m1 was answered 25, and bob logged in later without it
       0.0 ms  send3  framed send ann to bob: m1
       1.0 ms  send3  answered 25
       1.5 ms  -- kill server
       4.0 ms  login5  framed login bob
       5.0 ms  login5  answered 8, 0 unread
`,
  );
});

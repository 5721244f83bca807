import { Status } from '@tandem/core';
import { describe, expect, test } from 'vitest';
import { brokenRules } from '../../test/broken-rules.ts';
import type { Story, Told } from '../../test/story.ts';

/** Bob sends to ann, who has a secret and takes the messages; nothing confirms it. */
function takenByAnn(story: Story, ...messages: readonly string[]): Told {
  const ann = story.loginWithSecret('ann');
  const bob = story.login('bob');
  for (const message of messages) story.send(bob, 'ann', message, Status.delivered);
  story.take(ann, messages);
  return ann;
}

describe('a message that a resume names as taken', () => {
  test('does not come again, in the session that begins or later', () => {
    expect(
      brokenRules((story) => {
        const ann = takenByAnn(story, 'm1', 'm2');
        const resumed = story.resume(ann, 2).answer(Status.loggedInUnread, 1, 'token');
        story.take(resumed, ['m2']);
      }),
    ).toEqual(['resumed-again']);
    expect(
      brokenRules((story) => {
        const ann = takenByAnn(story, 'm1');
        story.resume(ann, 1).answer(Status.loggedIn, 0, 'token');
        story.fault('kill server');
        story.take(story.loginWithSecret('ann', 1), ['m1']);
      }),
    ).toEqual(['resumed-again']);
  });

  test.each(['kill server', 'kill starting server', 'terminate server'] as const)(
    'does not come again after a restart of the server: %s',
    (fault) => {
      expect(
        brokenRules((story) => {
          const ann = takenByAnn(story, 'm1', 'm2');
          story.fault(fault);
          const resumed = story.resume(ann, 2).answer(Status.loggedInUnread, 1, 'token');
          story.take(resumed, ['m2']);
        }),
      ).toEqual(['resumed-again']);
    },
  );

  test('comes again when the resume does not name it, or the server could not store messages', () => {
    const again = (between: (story: Story, ann: Told) => void, said: number) =>
      brokenRules((story) => {
        const ann = takenByAnn(story, 'm1', 'm2');
        between(story, ann);
        story.take(story.resume(ann, said).answer(Status.loggedInUnread, 1, 'token'), ['m2']);
      });
    expect(again(() => {}, 1)).toEqual([]);
    expect(again((story) => story.fault('fill disk'), 2)).toEqual([]);
    // The server may have carried out this resume, with its count, before the other.
    expect(again((story, ann) => story.resume(ann, 1), 2)).toEqual([]);
  });

  test('comes again in the session that is left, if it was delivered before', () => {
    expect(
      brokenRules((story) => {
        const ann = takenByAnn(story, 'm1');
        const resumed = story.resume(ann, 1).answer(Status.loggedIn, 0, 'token');
        story.send(story.login('eve'), 'ann', 'm2');
        story.take(ann, ['m2']);
        story.take(resumed, ['m2']);
      }),
    ).toEqual([]);
  });
});

describe('a token', () => {
  test.each([Status.notResumable, Status.badOperation])(
    'resumes its session, though a resume with it has no response (%i)',
    (refusal) => {
      expect(
        brokenRules((story) => {
          const ann = story.loginWithSecret('ann');
          story.resume(ann, 0);
          story.resume(ann, 0).answer(refusal);
        }),
      ).toEqual(['session-lost']);
    },
  );

  test('from a resume is as good as one from a login', () => {
    expect(
      brokenRules((story) => {
        const ann = story.loginWithSecret('ann');
        const resumed = story.resume(ann, 0).answer(Status.loggedIn, 0, 'token');
        story.resume(resumed, 0).answer(Status.notResumable);
      }),
    ).toEqual(['session-lost']);
  });

  test.each([
    ['a logout', (story: Story, ann: Told) => story.call('logout', { session: ann })],
    ['another login', (story: Story) => story.call('login', { user: 'ann' })],
    [
      'a later token',
      (story: Story, ann: Told) =>
        story.resume(story.resume(ann, 0).answer(Status.loggedIn, 0, 'token'), 0),
    ],
  ])('may be invalid after %s', (_what, end) => {
    expect(
      brokenRules((story) => {
        const ann = story.loginWithSecret('ann');
        end(story, ann);
        story.resume(ann, 0).answer(Status.notResumable);
      }),
    ).toEqual([]);
  });
});

test('a session is held by two when the one that was resumed goes on', () => {
  expect(
    brokenRules((story) => {
      const ann = story.loginWithSecret('ann');
      story.resume(ann, 0).answer(Status.loggedIn, 0, 'token');
      story.send(ann, 'bob', 'm1');
    }),
  ).toEqual(['two-sessions']);
});

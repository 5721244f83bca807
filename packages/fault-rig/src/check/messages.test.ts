import { Status } from '@tandem/core';
import { describe, expect, test } from 'vitest';
import { brokenRules } from '../../test/broken-rules.ts';
import type { Story } from '../../test/story.ts';

describe('a message that is received', () => {
  test('was sent by somebody', () => {
    const tell = (story: Story) => story.take(story.login('bob', 1), ['m1']);
    expect(brokenRules(tell)).toEqual(['invented']);
  });

  test('was sent by its sender, to its recipient', () => {
    expect(
      brokenRules((story) => {
        const ann = story.login('ann');
        story.send(ann, 'bob', 'm1');
        story.send(ann, 'ann', 'm2');
        story.take(story.login('bob', 2), ['m1', 'm2'], 'eve');
      }),
    ).toEqual(['invented', 'invented']);
    expect(
      brokenRules((story) => {
        story.send(story.login('ann'), 'eve', 'm1');
        story.take(story.login('bob', 1), ['m1']);
      }),
    ).toEqual(['invented']);
  });

  test('was sent earlier, and not refused', () => {
    expect(
      brokenRules((story) => {
        const [ann, bob] = [story.login('ann'), story.login('bob')];
        story.take(bob, ['m1'], 'ann');
        story.send(ann, 'bob', 'm1');
      }),
    ).toEqual(['invented']);
    for (const status of [Status.noSuchUser, Status.mailboxFull, Status.notLoggedIn]) {
      expect(
        brokenRules((story) => {
          story.send(story.login('ann'), 'bob', 'm1', status);
          story.take(story.login('bob', 1), ['m1']);
        }),
      ).toEqual(['invented']);
    }
  });

  test('may be one whose send has no response, or failed in the store', () => {
    for (const status of [Status.sendFailed, Status.unknownError, undefined]) {
      expect(
        brokenRules((story) => {
          const ann = story.login('ann');
          const sent = story.call('send', { session: ann, to: 'bob', message: 'm1' });
          if (status !== undefined) sent.answer(status);
          story.take(story.login('bob', 1), ['m1']);
        }),
      ).toEqual([]);
    }
  });

  test('comes once in a session', () => {
    expect(
      brokenRules((story) => {
        story.send(story.login('ann'), 'bob', 'm1');
        story.take(story.login('bob', 2), ['m1', 'm1']);
      }),
    ).toEqual(['repeated']);
  });
});

describe('a message that was acknowledged', () => {
  function tellTwice(
    story: Story,
    between: (story: Story, bob: ReturnType<Story['login']>) => void,
  ) {
    story.send(story.login('ann'), 'bob', 'm1');
    const bob = story.login('bob', 1);
    story.take(bob, ['m1']);
    between(story, bob);
    story.take(story.login('bob', 1), ['m1']);
  }

  test('does not come again once any response has confirmed it', () => {
    for (const name of ['search', 'logout', 'send'] as const) {
      const status = { search: Status.notFound, logout: Status.loggedOut, send: Status.noSuchUser };
      expect(
        brokenRules((story) =>
          tellTwice(story, (_, session) => story.call(name, { session }).answer(status[name])),
        ),
      ).toEqual(['returned']);
    }
    for (const status of [Status.sendFailed, Status.mailboxFull, Status.tooBusy]) {
      expect(
        brokenRules((story) =>
          tellTwice(story, (_, session) => story.call('send', { session }).answer(status)),
        ),
      ).toEqual(['returned']);
    }
  });

  test('may come again when nothing confirmed it', () => {
    expect(brokenRules((story) => tellTwice(story, () => {}))).toEqual([]);
    const refusals = [Status.unknownError, Status.notLoggedIn, Status.invalidContent, undefined];
    for (const status of refusals) {
      expect(
        brokenRules((story) =>
          tellTwice(story, (_, session) => {
            const asked = story.call('search', { session });
            if (status !== undefined) asked.answer(status);
          }),
        ),
      ).toEqual([]);
    }
  });

  test('may come again when the request was made before it was taken, or in another session', () => {
    expect(
      brokenRules((story) => {
        story.send(story.login('ann'), 'bob', 'm1');
        const bob = story.login('bob', 1);
        const search = story.call('search', { session: bob });
        story.take(bob, ['m1']);
        search.answer(Status.notFound);
        story.take(story.login('bob', 1), ['m1']);
      }),
    ).toEqual([]);
    expect(
      brokenRules((story) =>
        tellTwice(story, () => story.call('search', {}).answer(Status.notFound)),
      ),
    ).toEqual([]);
  });

  test('may come to a login that was requested before the confirmation', () => {
    expect(
      brokenRules((story) => {
        story.send(story.login('ann'), 'bob', 'm1');
        const bob = story.login('bob', 1);
        story.take(bob, ['m1']);
        const search = story.call('search', { session: bob });
        const login = story.call('login', { user: 'bob' });
        search.answer(Status.notFound);
        login.answer(Status.loggedInUnread, 1);
        story.take(login, ['m1']);
      }),
    ).toEqual([]);
  });
});

describe('a mailbox that was deleted', () => {
  test('does not come back, with messages that were accepted or received', () => {
    for (const answered of [true, false]) {
      expect(
        brokenRules((story) => {
          const [ann, bob] = [story.login('ann'), story.login('bob')];
          const sent = story.call('send', { session: ann, to: 'bob', message: 'm1' });
          if (answered) sent.answer(Status.delivered);
          story.take(bob, ['m1']);
          story.delete(bob);
          story.register('bob');
          story.take(story.login('bob', 1), ['m1']);
        }),
      ).toContain('deleted-kept');
    }
  });

  test('is followed by an empty one', () => {
    expect(
      brokenRules((story) => {
        const [ann, bob] = [story.login('ann'), story.login('bob')];
        story.send(ann, 'bob', 'm0', Status.delivered);
        story.delete(bob);
        story.register('bob');
        story.send(ann, 'bob', 'm1');
        story.login('bob', 2);
      }),
    ).toEqual(['deleted-kept']);
  });

  test('does not affect messages that were, or may have been, sent to the next one', () => {
    expect(
      brokenRules((story) => {
        const [ann, bob] = [story.login('ann'), story.login('bob')];
        story.call('send', { session: ann, to: 'bob', message: 'm1' });
        story.delete(bob);
        story.register('bob');
        story.send(ann, 'bob', 'm2');
        story.take(story.login('bob', 2), ['m1', 'm2']);
      }),
    ).toEqual([]);
  });
});

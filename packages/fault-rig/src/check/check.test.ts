import { Status } from '@tandem/core';
import { describe, expect, test } from 'vitest';
import { Story } from '../../test/story.ts';
import { check } from './check.ts';

/** The rules that a story breaks; what shows each of them shows it alone, too. */
function broken(tell: (story: Story) => void): string[] {
  const story = new Story();
  tell(story);
  return check(story.history).map((violation) => {
    const { rule, operations, takings } = violation;
    const alone = check({ operations, takings, faults: [] });
    expect(alone.map((other) => other.rule)).toContain(rule);
    return rule;
  });
}

describe('a message that was accepted', () => {
  test('is lost when its recipient logs in later and does not have it', () => {
    expect(
      broken((story) => {
        story.send(story.login('ann'), 'bob', 'm1');
        story.login('bob');
      }),
    ).toEqual(['lost']);
  });

  test('is lost when others of the mailbox came and it did not', () => {
    expect(
      broken((story) => {
        const ann = story.login('ann');
        story.send(ann, 'bob', 'm1', Status.delivered);
        story.send(ann, 'bob', 'm2');
        story.take(story.login('bob', 1), ['m2']);
      }),
    ).toEqual(['lost']);
  });

  test('is not lost while the session has not had all its messages', () => {
    expect(
      broken((story) => {
        const ann = story.login('ann');
        story.send(ann, 'bob', 'm1');
        story.send(ann, 'bob', 'm2');
        story.take(story.login('bob', 2), ['m1']);
      }),
    ).toEqual([]);
  });

  test('is not lost when it was taken, though nothing was confirmed', () => {
    expect(
      broken((story) => {
        story.send(story.login('ann'), 'bob', 'm1');
        story.take(story.login('bob', 1), ['m1']);
        story.login('bob');
      }),
    ).toEqual([]);
  });

  test('is not lost to a login that began before its answer', () => {
    expect(
      broken((story) => {
        const sent = story.call('send', { session: story.login('ann'), to: 'bob', message: 'm1' });
        const login = story.call('login', { user: 'bob' });
        sent.answer(Status.stored);
        login.answer(Status.loggedIn, 0);
      }),
    ).toEqual([]);
  });

  test('is lost even if it comes at a later login', () => {
    expect(
      broken((story) => {
        story.send(story.login('ann'), 'bob', 'm1');
        story.logout(story.login('bob'));
        story.take(story.login('bob', 1), ['m1']);
      }),
    ).toEqual(['lost']);
  });

  test('may go with its mailbox, also by a delete that was never answered', () => {
    for (const status of [Status.deleted, Status.unknownError, undefined]) {
      expect(
        broken((story) => {
          const bob = story.login('bob');
          story.send(story.login('ann'), 'bob', 'm1');
          const deletion = story.call('delete', { session: bob });
          if (status !== undefined) deletion.answer(status);
          story.register('bob');
          story.login('bob');
        }),
      ).toEqual([]);
    }
  });

  test('may not go by a delete that was over before, or refused', () => {
    expect(
      broken((story) => {
        const bob = story.login('bob');
        story.delete(bob);
        story.register('bob');
        story.send(story.login('ann'), 'bob', 'm1');
        story.call('delete', { session: bob }).answer(Status.notLoggedIn);
        story.login('bob');
      }),
    ).toEqual(['lost']);
  });

  test.each([
    Status.noSuchUser,
    Status.sendFailed,
    Status.mailboxFull,
    Status.notLoggedIn,
    Status.unknownError,
    undefined,
  ])('was answered 24 or 25: with %s it may be gone', (status) => {
    expect(
      broken((story) => {
        const sent = story.call('send', { session: story.login('ann'), to: 'bob', message: 'm1' });
        if (status !== undefined) sent.answer(status);
        story.login('bob');
      }),
    ).toEqual([]);
  });
});

describe('a message that is received', () => {
  test('was sent by somebody', () => {
    const tell = (story: Story) => story.take(story.login('bob', 1), ['m1']);
    expect(broken(tell)).toEqual(['invented']);
  });

  test('was sent by its sender, to its recipient', () => {
    expect(
      broken((story) => {
        const ann = story.login('ann');
        story.send(ann, 'bob', 'm1');
        story.send(ann, 'ann', 'm2');
        story.take(story.login('bob', 2), ['m1', 'm2'], 'eve');
      }),
    ).toEqual(['invented', 'invented']);
    expect(
      broken((story) => {
        story.send(story.login('ann'), 'eve', 'm1');
        story.take(story.login('bob', 1), ['m1']);
      }),
    ).toEqual(['invented']);
  });

  test('was sent before, and not refused', () => {
    expect(
      broken((story) => {
        const [ann, bob] = [story.login('ann'), story.login('bob')];
        story.take(bob, ['m1'], 'ann');
        story.send(ann, 'bob', 'm1');
      }),
    ).toEqual(['invented']);
    for (const status of [Status.noSuchUser, Status.mailboxFull, Status.notLoggedIn]) {
      expect(
        broken((story) => {
          story.send(story.login('ann'), 'bob', 'm1', status);
          story.take(story.login('bob', 1), ['m1']);
        }),
      ).toEqual(['invented']);
    }
  });

  test('may be one whose send was not answered, or failed in the store', () => {
    for (const status of [Status.sendFailed, Status.unknownError, undefined]) {
      expect(
        broken((story) => {
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
      broken((story) => {
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

  test('does not come again once any answer has confirmed it', () => {
    for (const name of ['search', 'logout', 'send'] as const) {
      const status = { search: Status.notFound, logout: Status.loggedOut, send: Status.noSuchUser };
      expect(
        broken((story) =>
          tellTwice(story, (_, session) => story.call(name, { session }).answer(status[name])),
        ),
      ).toEqual(['returned']);
    }
  });

  test('may come again when nothing confirmed it', () => {
    expect(broken((story) => tellTwice(story, () => {}))).toEqual([]);
    const refusals = [Status.unknownError, Status.notLoggedIn, Status.tooBusy, undefined];
    for (const status of refusals) {
      expect(
        broken((story) =>
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
      broken((story) => {
        story.send(story.login('ann'), 'bob', 'm1');
        const bob = story.login('bob', 1);
        const search = story.call('search', { session: bob });
        story.take(bob, ['m1']);
        search.answer(Status.notFound);
        story.take(story.login('bob', 1), ['m1']);
      }),
    ).toEqual([]);
    expect(
      broken((story) => tellTwice(story, () => story.call('search', {}).answer(Status.notFound))),
    ).toEqual([]);
  });

  test('may come to a login that was asked for before the confirmation', () => {
    expect(
      broken((story) => {
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
  test('does not come back, neither what was accepted nor what was seen', () => {
    for (const answered of [true, false]) {
      expect(
        broken((story) => {
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
      broken((story) => {
        const [ann, bob] = [story.login('ann'), story.login('bob')];
        story.send(ann, 'bob', 'm0', Status.delivered);
        story.delete(bob);
        story.register('bob');
        story.send(ann, 'bob', 'm1');
        story.login('bob', 2);
      }),
    ).toEqual(['deleted-kept']);
  });

  test('has nothing to do with what was sent to the next one, or may have been', () => {
    expect(
      broken((story) => {
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

describe('the order of messages', () => {
  function swapped(story: Story, send: (story: Story) => void): void {
    send(story);
    story.take(story.login('bob', 2), ['m2', 'm1']);
  }

  test('is that of the sends, when one was answered before the other was made', () => {
    for (const transport of ['framed', 'converse', 'unary'] as const) {
      expect(
        broken((story) =>
          swapped(story, () => {
            const ann = story.login('ann', 0, transport);
            story.send(ann, 'bob', 'm1');
            story.send(ann, 'bob', 'm2');
          }),
        ),
      ).toEqual(['out-of-order']);
    }
  });

  test('is that of sends that overlap too, but over unary calls', () => {
    const overlapping = (transport: 'framed' | 'converse' | 'unary') =>
      broken((story) =>
        swapped(story, () => {
          const session = story.login('ann', 0, transport);
          const first = story.call('send', { session, to: 'bob', message: 'm1' });
          const second = story.call('send', { session, to: 'bob', message: 'm2' });
          first.answer(Status.stored);
          second.answer(Status.stored);
        }),
      );
    expect(overlapping('framed')).toEqual(['out-of-order']);
    expect(overlapping('converse')).toEqual(['out-of-order']);
    expect(overlapping('unary')).toEqual([]);
  });

  test('is that of the sessions of the sender, also for a send that was never answered', () => {
    expect(
      broken((story) =>
        swapped(story, () => {
          story.call('send', { session: story.login('ann'), to: 'bob', message: 'm1' });
          story.send(story.login('ann'), 'bob', 'm2');
        }),
      ),
    ).toEqual(['out-of-order']);
  });

  test('holds from one session of the recipient to the next', () => {
    expect(
      broken((story) => {
        const ann = story.login('ann');
        story.call('send', { session: ann, to: 'bob', message: 'm1' });
        story.send(ann, 'bob', 'm2');
        story.take(story.login('bob', 1), ['m2']);
        story.take(story.login('bob', 1), ['m1']);
      }),
    ).toEqual(['out-of-order']);
  });

  test('is not broken by what comes again', () => {
    expect(
      broken((story) => {
        const ann = story.login('ann');
        for (const message of ['m1', 'm2', 'm3']) story.send(ann, 'bob', message);
        story.take(story.login('bob', 3), ['m1', 'm2']);
        story.take(story.login('bob', 3), ['m1', 'm2', 'm3']);
      }),
    ).toEqual([]);
  });

  test('is not that of sessions which may have been in either order', () => {
    expect(
      broken((story) => {
        const ann = story.login('ann');
        story.send(ann, 'bob', 'm1');
        // Its answer is late: the session may have been over when the next began.
        const late = story.call('login', { user: 'bob', transport: 'unary' });
        const other = story.login('bob', 1);
        story.take(other, ['m1']);
        story.send(ann, 'bob', 'm2');
        late.answer(Status.loggedInUnread, 1);
        story.take(late, ['m1']);
      }),
    ).toEqual([]);
  });

  test('is for each sender by itself', () => {
    expect(
      broken((story) => {
        story.send(story.login('ann'), 'bob', 'm1');
        story.send(story.login('eve'), 'bob', 'm2');
        story.take(story.login('bob', 2), ['m2', 'm1']);
      }),
    ).toEqual([]);
  });
});

describe('sessions of a user', () => {
  test('are two when both are used after both began', () => {
    expect(
      broken((story) => {
        const [one, other] = [story.login('ann'), story.login('ann')];
        story.send(one, 'bob', 'm1');
        story.send(other, 'bob', 'm2');
      }),
    ).toEqual(['two-sessions']);
  });

  test('are two when one begins while the other is used before and after', () => {
    expect(
      broken((story) => {
        const one = story.login('ann');
        story.login('ann');
        story.send(one, 'bob', 'm1');
      }),
    ).toEqual(['two-sessions']);
  });

  test('follow one another', () => {
    expect(
      broken((story) => {
        const one = story.login('ann');
        story.send(one, 'bob', 'm1');
        story.logout(one);
        const other = story.login('ann');
        story.send(other, 'bob', 'm2');
      }),
    ).toEqual([]);
  });

  test('are not two when the first has lost its connection, or is refused', () => {
    expect(
      broken((story) => {
        const one = story.login('ann');
        story.call('send', { session: one, to: 'bob', message: 'm1' });
        story.send(story.login('ann'), 'bob', 'm2');
        story.send(one, 'bob', 'm3', Status.notLoggedIn);
      }),
    ).toEqual([]);
  });

  test('are not two when the answer of the second may be older than it looks', () => {
    expect(
      broken((story) => {
        const [late, later] = [0, 1].map(() => story.call('login', { user: 'ann' }));
        const one = story.login('ann');
        late?.answer(Status.loggedIn, 0);
        story.send(one, 'bob', 'm1');
        later?.answer(Status.loggedIn, 0);
      }),
    ).toEqual([]);
  });
});

describe('an account', () => {
  test('is there once its register was answered', () => {
    for (const tell of [
      (story: Story) => story.call('login', { user: 'ann' }).answer(Status.notRegistered),
      (story: Story) => story.send(story.login('bob'), 'ann', 'm1', Status.noSuchUser),
    ]) {
      expect(
        broken((story) => {
          story.register('ann');
          tell(story);
        }),
      ).toEqual(['account-lost']);
    }
  });

  test('is not gone by a delete that was over before', () => {
    expect(
      broken((story) => {
        story.delete(story.login('ann'));
        story.register('ann');
        story.call('login', { user: 'ann' }).answer(Status.notRegistered);
      }),
    ).toEqual(['account-lost']);
  });

  test('is made once', () => {
    expect(
      broken((story) => {
        story.register('ann');
        story.register('ann');
      }),
    ).toEqual(['account-twice']);
  });

  test('is gone once its delete was answered', () => {
    for (const tell of [
      (story: Story) => story.register('ann', Status.usernameTaken),
      (story: Story) => story.login('ann'),
      (story: Story) => story.send(story.login('bob'), 'ann', 'm1'),
    ]) {
      expect(
        broken((story) => {
          story.delete(story.login('ann'));
          tell(story);
        }),
      ).toContain('account-returned');
    }
  });

  test('may be there or not while a change is under way or was not answered', () => {
    expect(
      broken((story) => {
        story.register('ann');
        const ann = story.login('ann');
        story.call('delete', { session: ann });
        story.call('login', { user: 'ann' }).answer(Status.notRegistered);
      }),
    ).toEqual([]);
    expect(
      broken((story) => {
        story.delete(story.login('ann'));
        story.call('register', { user: 'ann' });
        story.register('ann', Status.usernameTaken);
      }),
    ).toEqual([]);
  });
});

import { Status } from '@tandem/core';
import { describe, expect, test } from 'vitest';
import { brokenRules } from '../../test/broken-rules.ts';

describe('a message that was accepted', () => {
  test('is lost when its recipient logs in later and does not have it', () => {
    expect(
      brokenRules((story) => {
        story.send(story.login('ann'), 'bob', 'm1');
        story.login('bob');
      }),
    ).toEqual(['lost']);
  });

  test('is lost when other messages of the mailbox came and it did not', () => {
    expect(
      brokenRules((story) => {
        const ann = story.login('ann');
        story.send(ann, 'bob', 'm1', Status.delivered);
        story.send(ann, 'bob', 'm2');
        story.take(story.login('bob', 1), ['m2']);
      }),
    ).toEqual(['lost']);
  });

  test('is not lost while the session has not had all its messages', () => {
    expect(
      brokenRules((story) => {
        const ann = story.login('ann');
        story.send(ann, 'bob', 'm1');
        story.send(ann, 'bob', 'm2');
        story.take(story.login('bob', 2), ['m1']);
      }),
    ).toEqual([]);
  });

  test('is not lost when it was taken, though nothing was confirmed', () => {
    expect(
      brokenRules((story) => {
        story.send(story.login('ann'), 'bob', 'm1');
        story.take(story.login('bob', 1), ['m1']);
        story.login('bob');
      }),
    ).toEqual([]);
  });

  test('is not lost to a login that began before its response', () => {
    expect(
      brokenRules((story) => {
        const sent = story.call('send', { session: story.login('ann'), to: 'bob', message: 'm1' });
        const login = story.call('login', { user: 'bob' });
        sent.answer(Status.stored);
        login.answer(Status.loggedIn, 0);
      }),
    ).toEqual([]);
  });

  test('is lost even if it comes at a later login', () => {
    expect(
      brokenRules((story) => {
        story.send(story.login('ann'), 'bob', 'm1');
        story.logout(story.login('bob'));
        story.take(story.login('bob', 1), ['m1']);
      }),
    ).toEqual(['lost']);
  });

  test('may disappear with its mailbox, also by a delete without a response', () => {
    for (const status of [Status.deleted, Status.unknownError, undefined]) {
      expect(
        brokenRules((story) => {
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

  test('may not disappear by a delete that was over before, or was refused', () => {
    expect(
      brokenRules((story) => {
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
      brokenRules((story) => {
        const sent = story.call('send', { session: story.login('ann'), to: 'bob', message: 'm1' });
        if (status !== undefined) sent.answer(status);
        story.login('bob');
      }),
    ).toEqual([]);
  });
});

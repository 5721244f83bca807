import { Status } from '@tandem/core';
import { describe, expect, test } from 'vitest';
import { brokenRules } from '../../test/broken-rules.ts';
import type { Story } from '../../test/story.ts';

describe('an account', () => {
  test('exists once its register has a response', () => {
    for (const tell of [
      (story: Story) => story.call('login', { user: 'ann' }).answer(Status.notRegistered),
      (story: Story) => story.send(story.login('bob'), 'ann', 'm1', Status.noSuchUser),
    ]) {
      expect(
        brokenRules((story) => {
          story.register('ann');
          tell(story);
        }),
      ).toEqual(['account-lost']);
    }
  });

  test('still exists after a delete that was over before', () => {
    expect(
      brokenRules((story) => {
        story.delete(story.login('ann'));
        story.register('ann');
        story.call('login', { user: 'ann' }).answer(Status.notRegistered);
      }),
    ).toEqual(['account-lost']);
  });

  test('is made once', () => {
    expect(
      brokenRules((story) => {
        story.register('ann');
        story.register('ann');
      }),
    ).toEqual(['account-twice']);
  });

  test('is gone once its delete has a response', () => {
    for (const tell of [
      (story: Story) => story.register('ann', Status.usernameTaken),
      (story: Story) => story.login('ann'),
      (story: Story) => story.send(story.login('bob'), 'ann', 'm1'),
    ]) {
      expect(
        brokenRules((story) => {
          story.delete(story.login('ann'));
          tell(story);
        }),
      ).toContain('account-returned');
    }
  });

  test('may exist or not while a change is under way or has no response', () => {
    expect(
      brokenRules((story) => {
        story.register('ann');
        const ann = story.login('ann');
        story.call('delete', { session: ann });
        story.call('login', { user: 'ann' }).answer(Status.notRegistered);
      }),
    ).toEqual([]);
    expect(
      brokenRules((story) => {
        story.delete(story.login('ann'));
        story.call('register', { user: 'ann' });
        story.register('ann', Status.usernameTaken);
      }),
    ).toEqual([]);
  });
});

import { Status } from '@tandem/core';
import { describe, expect, test } from 'vitest';
import { brokenRules } from '../../test/broken-rules.ts';

describe('sessions of a user', () => {
  test('are two when both are used after both began', () => {
    expect(
      brokenRules((story) => {
        const [one, other] = [story.login('ann'), story.login('ann')];
        story.send(one, 'bob', 'm1');
        story.send(other, 'bob', 'm2');
      }),
    ).toEqual(['two-sessions']);
  });

  test('are two when one begins while the other is used before and after', () => {
    expect(
      brokenRules((story) => {
        const one = story.login('ann');
        story.login('ann');
        story.send(one, 'bob', 'm1');
      }),
    ).toEqual(['two-sessions']);
  });

  test('may follow one another', () => {
    expect(
      brokenRules((story) => {
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
      brokenRules((story) => {
        const one = story.login('ann');
        story.call('send', { session: one, to: 'bob', message: 'm1' });
        story.send(story.login('ann'), 'bob', 'm2');
        story.send(one, 'bob', 'm3', Status.notLoggedIn);
      }),
    ).toEqual([]);
  });

  test('are not two when the second may have begun long before its response', () => {
    expect(
      brokenRules((story) => {
        const [late, later] = [0, 1].map(() => story.call('login', { user: 'ann' }));
        const one = story.login('ann');
        late?.answer(Status.loggedIn, 0);
        story.send(one, 'bob', 'm1');
        later?.answer(Status.loggedIn, 0);
      }),
    ).toEqual([]);
  });
});

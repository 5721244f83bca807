import { Status } from '@tandem/core';
import { describe, expect, test } from 'vitest';
import { brokenRules } from '../../test/broken-rules.ts';
import type { Story } from '../../test/story.ts';

describe('the order of messages', () => {
  function swapped(story: Story, send: (story: Story) => void): void {
    send(story);
    story.take(story.login('bob', 2), ['m2', 'm1']);
  }

  test('is that of the sends, when one has its response before the other is made', () => {
    for (const transport of ['framed', 'converse', 'unary'] as const) {
      expect(
        brokenRules((story) =>
          swapped(story, () => {
            const ann = story.login('ann', 0, transport);
            story.send(ann, 'bob', 'm1');
            story.send(ann, 'bob', 'm2');
          }),
        ),
      ).toEqual(['out-of-order']);
    }
  });

  test('is also that of sends that overlap, except over unary calls', () => {
    const overlapping = (transport: 'framed' | 'converse' | 'unary') =>
      brokenRules((story) =>
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

  test('is that of the sessions of the sender, also for a send without a response', () => {
    expect(
      brokenRules((story) =>
        swapped(story, () => {
          story.call('send', { session: story.login('ann'), to: 'bob', message: 'm1' });
          story.send(story.login('ann'), 'bob', 'm2');
        }),
      ),
    ).toEqual(['out-of-order']);
  });

  test('holds from one session of the recipient to the next', () => {
    expect(
      brokenRules((story) => {
        const ann = story.login('ann');
        story.call('send', { session: ann, to: 'bob', message: 'm1' });
        story.send(ann, 'bob', 'm2');
        story.take(story.login('bob', 1), ['m2']);
        story.take(story.login('bob', 1), ['m1']);
      }),
    ).toEqual(['out-of-order']);
  });

  test('is not broken by messages that come again', () => {
    expect(
      brokenRules((story) => {
        const ann = story.login('ann');
        for (const message of ['m1', 'm2', 'm3']) story.send(ann, 'bob', message);
        story.take(story.login('bob', 3), ['m1', 'm2']);
        story.take(story.login('bob', 3), ['m1', 'm2', 'm3']);
      }),
    ).toEqual([]);
  });

  test('is not that of sessions whose own order is not known', () => {
    expect(
      brokenRules((story) => {
        const ann = story.login('ann');
        story.send(ann, 'bob', 'm1');
        // Its response is late: the session may have been over when the next began.
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
      brokenRules((story) => {
        story.send(story.login('ann'), 'bob', 'm1');
        story.send(story.login('eve'), 'bob', 'm2');
        story.take(story.login('bob', 2), ['m2', 'm1']);
      }),
    ).toEqual([]);
  });
});

import { Status } from '@tandem/core';
import { describe, expect, test } from 'vitest';
import { type Open, receive } from './stage.ts';

/** Sending. [P-4.4] */
export function describeSending(open: Open): void {
  describe('sending', () => {
    test('a message to oneself is 24 and arrives', async () => {
      const ann = await (await open()).newUser('ann');
      expect(await ann.send('ann', 'note to self')).toEqual({ status: Status.delivered });
      expect(await receive(ann, 1)).toEqual(['ann: note to self']);
    });

    test('a message to a user who is logged out is 25 and waits', async () => {
      const stage = await open();
      await stage.register('bob');
      const ann = await stage.newUser('ann');
      expect(await ann.send('bob', 'hi')).toEqual({ status: Status.stored });
      const bob = await stage.connect();
      expect(await bob.login('bob')).toEqual({ status: Status.loggedInUnread, unread: 1 });
      expect(await receive(bob, 1)).toEqual(['ann: hi']);
    });

    test('a message to nobody is 26', async () => {
      const ann = await (await open()).newUser('ann');
      expect(await ann.send('bob', 'hi')).toEqual({ status: Status.noSuchUser });
    });

    test('a message to a full mailbox is 28, until its user has taken some', async () => {
      const stage = await open({ mailboxMessagesMax: 3 });
      await stage.register('bob');
      const ann = await stage.newUser('ann');
      for (const body of ['one', 'two', 'three']) {
        expect(await ann.send('bob', body)).toEqual({ status: Status.stored });
      }
      expect(await ann.send('bob', 'four')).toEqual({ status: Status.mailboxFull });
      const bob = await stage.connect();
      expect(await bob.login('bob')).toEqual({ status: Status.loggedInUnread, unread: 3 });
      expect(await ann.send('bob', 'five')).toEqual({ status: Status.mailboxFull });
      expect(await receive(bob, 3)).toEqual(['ann: one', 'ann: two', 'ann: three']);
      await bob.search('nobody');
      expect(await ann.send('bob', 'six')).toEqual({ status: Status.delivered });
      expect(await ann.send('bob', 'seven')).toEqual({ status: Status.delivered });
      expect(await ann.send('bob', 'eight')).toEqual({ status: Status.mailboxFull });
      expect(await receive(bob, 2)).toEqual(['ann: six', 'ann: seven']);
    });
  });
}

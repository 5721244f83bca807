import { Status } from '@tandem/core';
import { describe, expect, test } from 'vitest';
import { type Open, receive } from './stage.ts';

/** Registering and deleting. [P-4.1] [P-4.6] */
export function describeAccounts(open: Open): void {
  describe('accounts', () => {
    test('a register does not log in', async () => {
      const client = await (await open()).connect();
      expect(await client.register('ann')).toEqual({ status: Status.registered });
      expect(await client.send('ann', 'hi')).toEqual({ status: Status.notLoggedIn });
    });

    test('a taken username is 2, also to another client', async () => {
      const stage = await open();
      const ann = await stage.newUser('ann');
      const other = await stage.connect();
      expect(await ann.register('ann')).toEqual({ status: Status.usernameTaken });
      expect(await other.register('ann')).toEqual({ status: Status.usernameTaken });
    });

    test('of two registers at once, one gets the username', async () => {
      const stage = await open();
      const clients = [await stage.connect(), await stage.connect()];
      const outcomes = await Promise.all(clients.map((client) => client.register('ann')));
      expect(outcomes.map(({ status }) => status).sort()).toEqual([
        Status.registered,
        Status.usernameTaken,
      ]);
    });

    test('usernames that differ in case are two', async () => {
      const stage = await open();
      await stage.register('ann', 'Ann');
    });

    test('a register while logged in is allowed, and the session goes on', async () => {
      const ann = await (await open()).newUser('ann');
      expect(await ann.register('bob')).toEqual({ status: Status.registered });
      expect(await ann.send('ann', 'hi')).toEqual({ status: Status.delivered });
      expect(await receive(ann, 1)).toEqual(['ann: hi']);
    });

    test('delete then login is 10', async () => {
      const stage = await open();
      const ann = await stage.newUser('ann');
      expect(await ann.delete()).toEqual({ status: Status.deleted });
      expect(await ann.login('ann')).toEqual({ status: Status.notRegistered });
      expect(await (await stage.connect()).login('ann')).toEqual({ status: Status.notRegistered });
    });

    test('a delete ends the session', async () => {
      const stage = await open();
      await stage.register('bob');
      const ann = await stage.newUser('ann');
      await ann.delete();
      expect(await ann.send('bob', 'hi')).toEqual({ status: Status.notLoggedIn });
      expect(await ann.logout()).toEqual({ status: Status.notLoggedIn });
      expect(await ann.login('bob')).toEqual({ status: Status.loggedIn, unread: 0 });
    });

    test('a deleted user is not found and gets no messages', async () => {
      const stage = await open();
      const [ann, bob] = [await stage.newUser('ann'), await stage.newUser('bob')];
      expect(await bob.search('*')).toEqual({ status: Status.found, usernames: ['ann', 'bob'] });
      await ann.delete();
      expect(await bob.search('*')).toEqual({ status: Status.found, usernames: ['bob'] });
      expect(await bob.send('ann', 'hi')).toEqual({ status: Status.noSuchUser });
    });

    test("a deleted user's name starts empty when it is registered again", async () => {
      const stage = await open();
      const [ann, bob] = [await stage.newUser('ann'), await stage.newUser('bob')];
      await bob.send('ann', 'for the old ann');
      await ann.delete();
      expect(await bob.register('ann')).toEqual({ status: Status.registered });
      expect(await bob.send('ann', 'for the new ann')).toEqual({ status: Status.stored });
      const newAnn = await stage.connect();
      expect(await newAnn.login('ann')).toEqual({ status: Status.loggedInUnread, unread: 1 });
      expect(await receive(newAnn, 1)).toEqual(['bob: for the new ann']);
    });

    test('a buffered message from a user who then deletes their account is shown at login, and a reply is 26', async () => {
      const stage = await open();
      await stage.register('ann');
      const bob = await stage.newUser('bob');
      expect(await bob.send('ann', 'farewell')).toEqual({ status: Status.stored });
      await bob.delete();
      const ann = await stage.connect();
      expect(await ann.login('ann')).toEqual({ status: Status.loggedInUnread, unread: 1 });
      expect(await receive(ann, 1)).toEqual(['bob: farewell']);
      expect(await ann.send('bob', 'farewell')).toEqual({ status: Status.noSuchUser });
    });
  });
}

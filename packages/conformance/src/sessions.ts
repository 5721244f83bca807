import { Status } from '@tandem/core';
import { describe, expect, test } from 'vitest';
import { type Open, receive, take } from './stage.ts';

/** Logging in and out, and dying. [P-4.2] [P-4.5] [P-5.1] */
export function describeSessions(open: Open): void {
  describe('sessions', () => {
    test('send, logout and delete while logged out are 120', async () => {
      const stage = await open();
      await stage.register('ann');
      const client = await stage.connect();
      expect(await client.send('ann', 'hi')).toEqual({ status: Status.notLoggedIn });
      expect(await client.logout()).toEqual({ status: Status.notLoggedIn });
      expect(await client.delete()).toEqual({ status: Status.notLoggedIn });
      expect(await client.login('ann')).toEqual({ status: Status.loggedIn, unread: 0 });
    });

    test('login of an unregistered user is 10, and leaves no session', async () => {
      const client = await (await open()).connect();
      expect(await client.login('ann')).toEqual({ status: Status.notRegistered });
      await client.register('ann');
      expect(await client.send('ann', 'hi')).toEqual({ status: Status.notLoggedIn });
    });

    test('login of a user who is logged in elsewhere is 11, and leaves no session', async () => {
      const stage = await open();
      const ann = await stage.newUser('ann');
      const other = await stage.connect();
      expect(await other.login('ann')).toEqual({ status: Status.alreadyLoggedIn });
      expect(await other.send('ann', 'hi')).toEqual({ status: Status.notLoggedIn });
      expect(await other.logout()).toEqual({ status: Status.notLoggedIn });
      expect(await ann.send('ann', 'hi')).toEqual({ status: Status.delivered });
    });

    test('login while logged in is 121, and the session goes on', async () => {
      const stage = await open();
      await stage.register('bob');
      const ann = await stage.newUser('ann');
      expect(await ann.login('bob')).toEqual({ status: Status.sessionInUse });
      expect(await ann.login('ann')).toEqual({ status: Status.sessionInUse });
      expect(await ann.login('nobody')).toEqual({ status: Status.sessionInUse });
      expect(await ann.send('ann', 'hi')).toEqual({ status: Status.delivered });
      expect(await receive(ann, 1)).toEqual(['ann: hi']);
    });

    test('logout, login again, send', async () => {
      const stage = await open();
      await stage.register('bob');
      const ann = await stage.newUser('ann');
      expect(await ann.logout()).toEqual({ status: Status.loggedOut });
      expect(await ann.send('bob', 'hi')).toEqual({ status: Status.notLoggedIn });
      expect(await ann.login('ann')).toEqual({ status: Status.loggedIn, unread: 0 });
      expect(await ann.send('bob', 'hi')).toEqual({ status: Status.stored });
    });

    test('a client may log in as one user after another', async () => {
      const stage = await open();
      await stage.register('bob');
      const client = await stage.newUser('ann');
      await client.send('bob', 'from ann');
      await client.logout();
      expect(await client.login('bob')).toEqual({ status: Status.loggedInUnread, unread: 1 });
      await client.send('bob', 'from bob');
      expect(await receive(client, 2)).toEqual(['ann: from ann', 'bob: from bob']);
    });

    test('a user who logs out can log in at another client', async () => {
      const stage = await open();
      const [ann, other] = [await stage.newUser('ann'), await stage.connect()];
      await ann.logout();
      expect(await other.login('ann')).toEqual({ status: Status.loggedIn, unread: 0 });
      expect(await ann.login('ann')).toEqual({ status: Status.alreadyLoggedIn });
    });

    test('of many clients that log in as one user at once, one succeeds', async () => {
      const stage = await open();
      await stage.register('ann');
      const clients = await Promise.all(Array.from({ length: 8 }, () => stage.connect()));
      const outcomes = await Promise.all(clients.map((client) => client.login('ann')));
      const statuses = outcomes.map(({ status }) => status).sort((a, b) => a - b);
      expect(statuses).toEqual([Status.loggedIn, ...Array(7).fill(Status.alreadyLoggedIn)]);
    });

    test('two users talk live and one logs out', async () => {
      const stage = await open();
      const [ann, bob] = [await stage.newUser('ann'), await stage.newUser('bob')];
      expect(await ann.send('bob', 'hello bob')).toEqual({ status: Status.delivered });
      const { messages } = await take(bob, 1);
      expect(messages).toEqual(['ann: hello bob']);
      expect(await bob.send('ann', 'hello ann')).toEqual({ status: Status.delivered });
      expect(await receive(ann, 1)).toEqual(['bob: hello ann']);
      expect(await bob.logout()).toEqual({ status: Status.loggedOut });
      expect(await ann.send('bob', 'still there?')).toEqual({ status: Status.stored });
      const bobAgain = await stage.connect();
      expect(await bobAgain.login('bob')).toEqual({ status: Status.loggedInUnread, unread: 1 });
      expect(await receive(bobAgain, 1)).toEqual(['ann: still there?']);
    });

    test('when a client is killed, its user can log in again, and finds unread, in order, what was not taken', async () => {
      const stage = await open();
      const [ann, bob] = [await stage.newUser('ann'), await stage.newUser('bob')];
      for (const body of ['one', 'two', 'three', 'four']) {
        expect(await ann.send('bob', body)).toEqual({ status: Status.delivered });
      }
      // Coming back for the third takes the second. The search's answer confirms it.
      await receive(bob, 3);
      await bob.search('nobody');
      await stage.kill(bob);
      const bobAgain = await stage.connect();
      const login = await stage.loginWhenFree(bobAgain, 'bob');
      expect(login).toEqual({ status: Status.loggedInUnread, unread: 2 });
      expect(await ann.send('bob', 'five')).toEqual({ status: Status.delivered });
      expect(await receive(bobAgain, 3)).toEqual(['ann: three', 'ann: four', 'ann: five']);
    });

    test('a client that closes without logging out ends its session', async () => {
      const stage = await open();
      const [ann, other] = [await stage.newUser('ann'), await stage.connect()];
      await ann.close();
      const login = await stage.loginWhenFree(other, 'ann');
      expect(login).toEqual({ status: Status.loggedIn, unread: 0 });
    });
  });
}

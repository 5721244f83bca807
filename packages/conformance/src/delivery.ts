import { type ChatClient, Status } from '@tandem/core';
import { describe, expect, test } from 'vitest';
import { type Open, receive, take } from './stage.ts';

// More than two windows of messages and one of bytes, and than the window of an HTTP/2 stream takes.
const many = Array.from({ length: 700 }, (_, i) => `${i} `.padEnd(100, '.'));

/** Live delivery, and calls that overlap. [P-5.3] [P-6.6] */
export function describeDelivery(open: Open, keepsOrderOfOverlappingCalls: boolean): void {
  describe('delivery', () => {
    test('a consumer that takes nothing stops neither its senders nor its own requests, and gets all in order when it starts', async () => {
      const stage = await open();
      const [ann, bob] = [await stage.newUser('ann'), await stage.newUser('bob')];
      const sent = await stage.each(many, (body) => ann.send('bob', body));
      expect(new Set(sent.map(({ status }) => status))).toEqual(new Set([Status.delivered]));
      expect(await bob.search('ann')).toEqual({ status: Status.found, usernames: ['ann'] });
      expect(await bob.send('ann', 'busy')).toEqual({ status: Status.delivered });
      expect(await receive(ann, 1)).toEqual(['bob: busy']);
      expect(await receive(bob, many.length)).toEqual(many.map((body) => `ann: ${body}`));
    });

    test('what waited for the window is unread when the session ends', async () => {
      const stage = await open();
      const [ann, bob] = [await stage.newUser('ann'), await stage.newUser('bob')];
      await stage.each(many, (body) => ann.send('bob', body));
      await receive(bob, 301);
      await bob.logout();
      expect(await bob.login('bob')).toEqual({ status: Status.loggedInUnread, unread: 400 });
      expect(await receive(bob, 400)).toEqual(many.slice(300).map((body) => `ann: ${body}`));
    });

    test('messages that come right after a login come after those that were unread', async () => {
      const stage = await open();
      await stage.register('bob');
      const [ann, bob] = [await stage.newUser('ann'), await stage.connect()];
      await stage.each(many, (body) => ann.send('bob', body));
      const more = Array.from({ length: 50 }, (_, i) => `more ${i}`);
      const [login] = await Promise.all([
        bob.login('bob'),
        stage.each(more, (body) => ann.send('bob', body)),
      ]);
      expect(login.status).toBe(Status.loggedInUnread);
      const expected = [...many, ...more].map((body) => `ann: ${body}`);
      expect(await receive(bob, expected.length)).toEqual(expected);
    });

    test('a short message does not overtake a long one that waits for the window', async () => {
      const stage = await open();
      const [ann, bob] = [await stage.newUser('ann'), await stage.newUser('bob')];
      // 246 of these, 266 bytes each with their sender, leave room for 100 bytes in a window. [P-5.3]
      const long = Array.from({ length: 250 }, (_, i) => `${i} `.padEnd(262, '.'));
      const bodies = [...long, 'short', 'shorter'];
      await stage.each(bodies, (body) => ann.send('bob', body));
      expect(await receive(bob, bodies.length)).toEqual(bodies.map((body) => `ann: ${body}`));
    });

    test('a consumer that awaits a send for each message does not hang', async () => {
      const stage = await open();
      const [ann, bob] = [await stage.newUser('ann'), await stage.newUser('bob')];
      // One after the other, and more than a window.
      const bodies = many.slice(0, 300);
      const echoing = echo(bob, bodies.length);
      await stage.each(bodies, (body) => ann.send('bob', body));
      expect(await receive(ann, bodies.length)).toEqual(bodies.map((body) => `bob: ${body}`));
      await echoing;
    });

    test('two consumers that answer each other do not hang', async () => {
      const stage = await open();
      const [ann, bob] = [await stage.newUser('ann'), await stage.newUser('bob')];
      const echoing = [echo(ann, 100), echo(bob, 100)];
      expect(await ann.send('bob', 'ball')).toEqual({ status: Status.delivered });
      await Promise.all(echoing);
    });

    test('messages to oneself arrive while many are under way', async () => {
      const stage = await open();
      const ann = await stage.newUser('ann');
      await stage.each(many, (body) => ann.send('ann', body));
      const { messages } = await take(ann, many.length);
      expect(messages).toEqual(many.map((body) => `ann: ${body}`));
    });

    if (keepsOrderOfOverlappingCalls)
      test('calls that overlap take effect in their order', async () => {
        const stage = await open();
        const client = await stage.connect();
        const calls = [
          client.register('ann'),
          client.login('ann'),
          client.send('ann', 'hi'),
          client.logout(),
          client.send('ann', 'hi'),
          client.register('bob'),
          client.login('bob'),
          client.login('ann'),
          client.send('ann', 'ho'),
          client.delete(),
          client.login('ann'),
          client.search('*'),
        ];
        expect(await Promise.all<unknown>(calls)).toEqual([
          { status: Status.registered },
          { status: Status.loggedIn, unread: 0 },
          { status: Status.delivered },
          { status: Status.loggedOut },
          { status: Status.notLoggedIn },
          { status: Status.registered },
          { status: Status.loggedIn, unread: 0 },
          { status: Status.sessionInUse },
          { status: Status.stored },
          { status: Status.deleted },
          { status: Status.loggedInUnread, unread: 2 },
          { status: Status.found, usernames: ['ann'] },
        ]);
        expect(await receive(client, 2)).toEqual(['ann: hi', 'bob: ho']);
      });
  });
}

/** Sends the next `count` messages back to where they came from, each before taking the next. */
async function echo(client: ChatClient, count: number): Promise<void> {
  let left = count;
  for await (const { sender, body } of client.messages) {
    expect(await client.send(sender, body)).toEqual({ status: Status.delivered });
    if (--left === 0) return;
  }
}

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

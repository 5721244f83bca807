import type { ChatClient } from '@tandem/core';
import { describe, expect, test } from 'vitest';
import { connectBob } from './fixture.ts';

const threeUnread = '\x09\x00\x0ea|x1\na|x2\na|x3';

async function take(client: ChatClient, count: number): Promise<void> {
  // A message is taken when the next is asked for.
  for (let i = 0; i < count; i++) await client.messages.next();
}

function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

describe('acknowledging', () => {
  test('says once a turn how many messages were taken', async () => {
    const { client, server } = await connectBob(threeUnread);
    await take(client, 3);
    expect(await server.read(4)).toBe('\x08\x00\x012');
    void client.messages.next();
    expect(await server.read(4)).toBe('\x08\x00\x013');
  });

  test('says nothing of what was handed out and not come back from', async () => {
    const { client, server } = await connectBob(threeUnread);
    await take(client, 1);
    for await (const _ of client.messages) break;
    await turn();
    await client.close();
    // The first was taken when the loop asked for the second, and the second was put back.
    expect(await server.readToEnd()).toBe('\x08\x00\x011');
  });

  test('comes before a later request', async () => {
    const { client, server } = await connectBob(threeUnread);
    await take(client, 3);
    const search = client.search('*');
    expect(await server.read(8)).toBe('\x08\x00\x012\x03\x00\x01*');
    server.write('\x11');
    await search;
  });

  test('comes before the goodbye', async () => {
    const { client, server } = await connectBob(threeUnread);
    await take(client, 3);
    await client.close();
    expect(await server.readToEnd()).toBe('\x08\x00\x012');
  });

  test('stops once the logout is sent, and starts again from nothing with the next login', async () => {
    const { client, server } = await connectBob(threeUnread);
    await take(client, 2);
    const logout = client.logout();
    expect(await server.read(10)).toBe('\x08\x00\x011\x05\x00\x03bob');
    const third = client.messages.next();
    await turn();
    const login = client.login('bob');
    expect(await server.read(6)).toBe('\x02\x00\x03bob');
    server.write('\x28\x0c\x00\x04a|x2\x09\x00\x04a|x3');
    expect([await logout, await login]).toEqual([{ status: 40 }, { status: 9, unread: 2 }]);
    expect((await third).value).toEqual({ sender: 'a', body: 'x2' });
    await take(client, 1);
    expect(await server.read(4)).toBe('\x08\x00\x011');
  });

  test('never starts when the logout was sent before the login was answered', async () => {
    const { client, server } = await connectBob();
    const first = client.messages.next();
    const calls = [client.logout(), client.login('bob'), client.logout(), client.login('bob')];
    expect(await server.read(24)).toBe('\x05\x00\x03bob\x02\x00\x03bob'.repeat(2));
    server.write(`\x28${threeUnread}\x28\x09\x00\x04b|yy`);
    await Promise.all(calls);
    expect((await first).value).toEqual({ sender: 'b', body: 'yy' });
  });

  test('goes on when the logout was refused', async () => {
    const { client, server } = await connectBob(threeUnread);
    await take(client, 1);
    const logout = client.logout();
    expect(await server.read(6)).toBe('\x05\x00\x03bob');
    const second = client.messages.next();
    await turn();
    server.write('\x7b\x20\x00\x04a|x4');
    expect(await logout).toEqual({ status: 123 });
    expect((await second).value).toEqual({ sender: 'a', body: 'x2' });
    expect(await server.read(4)).toBe('\x08\x00\x011');
    await take(client, 2);
    expect(await server.read(4)).toBe('\x08\x00\x013');
  });

  test.each(['logout', 'delete'] as const)(
    'ends with the session after 127 to a %s',
    async (name) => {
      const { client, server } = await connectBob(threeUnread);
      await take(client, 2);
      const leaving = client[name]();
      await server.read(4 + 6);
      const third = client.messages.next();
      server.write('\x7f');
      expect(await leaving).toEqual({ status: 127 });
      // Nobody is logged in, and nothing of that session is acknowledged.
      const sent = client.send('ann', 'hi');
      expect(await server.read(10)).toBe('\x04\x00\x07|ann|hi');
      server.write('\x78');
      expect(await sent).toEqual({ status: 120 });
      const login = client.login('bob');
      expect(await server.read(6)).toBe('\x02\x00\x03bob');
      server.write('\x09\x00\x04a|x1');
      expect(await login).toEqual({ status: 9, unread: 1 });
      expect((await third).value).toEqual({ sender: 'a', body: 'x1' });
    },
  );

  test('does not hold up reading for a consumer that takes nothing', async () => {
    const { client, server } = await connectBob();
    server.write('\x20\x00\x04a|xx'.repeat(10_000));
    const search = client.search('*');
    server.write('\x11');
    expect(await search).toEqual({ status: 17 });
  });
});

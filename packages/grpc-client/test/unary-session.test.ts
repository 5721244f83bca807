import { once } from 'node:events';
import { createServer } from 'node:net';
import { status as GrpcStatus } from '@grpc/grpc-js';
import { expectBroken } from '@tandem/core/testing';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { connectScripted, connectUnaryBob, take, unread } from './fixture.ts';

describe('a unary session', () => {
  test('begins with a login that acknowledges; its calls and its stream carry the token', async () => {
    const { client, server } = await connectScripted({ mode: 'unary' });
    const loggingIn = client.login('bob');
    const login = await server.call('Login');
    expect(login.request).toEqual({ username: 'bob', acknowledges: true });
    expect(login.authorization).toBeUndefined();
    login.answer({ statusCode: 9, messages: unread.slice(0, 1) }, '1234');
    expect(await loggingIn).toEqual({ status: 9, unread: 1 });
    const stream = await server.subscribe();
    expect(stream.authorization).toBe('Bearer 1234');
    const sending = client.send('ann', 'hi');
    const send = await server.call('Send');
    expect(send.request).toEqual({ sender: 'bob', recipient: 'ann', body: 'hi' });
    expect(send.authorization).toBe('Bearer 1234');
    send.answer({ statusCode: 25 });
    expect(await sending).toEqual({ status: 25 });
  });

  test('has the messages of the login first, then those of the stream', async () => {
    const { client, stream } = await connectUnaryBob(unread.slice(0, 2));
    stream.write(...unread.slice(2));
    for (const message of unread) expect((await client.messages.next()).value).toEqual(message);
  });

  test('begins with the longest answer that a server gives, just below 4 MiB', async () => {
    const { client, server } = await connectScripted({ mode: 'unary' });
    const login = client.login('bob');
    const bytesMax = 4 * 1024 * 1024 - 64 * 1024;
    const long = { sender: 'a'.repeat(50), body: 'x'.repeat(255) };
    // A tag and a length before each text and before the message itself.
    const count = Math.floor(bytesMax / (2 + 50 + 3 + 255 + 3));
    await server.login(Array.from({ length: count }, () => long));
    expect(await login).toEqual({ status: 9, unread: count });
  });

  test('ends with a logout; the next has a token of its own', async () => {
    const { client, server, stream } = await connectUnaryBob();
    const leaving = client.logout();
    const logout = await server.call('Logout');
    expect(logout.request).toMatchObject({ username: 'bob' });
    // The end of the stream may come before the response.
    stream.end();
    logout.answer({ statusCode: 40 });
    expect(await leaving).toEqual({ status: 40 });
    const again = client.login('bob');
    const login = await server.call('Login');
    expect(login.authorization).toBeUndefined();
    login.answer({ statusCode: 8 }, 'another');
    expect(await again).toEqual({ status: 8, unread: 0 });
    expect((await server.subscribe()).authorization).toBe('Bearer another');
  });

  test.each([
    ['Logout', true],
    ['Logout', false],
    ['Delete', true],
    ['Delete', false],
  ] as const)(
    'ends with a %s that is answered 127, whenever its stream ends (%s)',
    async (name, first) => {
      const { client, server, stream } = await connectUnaryBob();
      const leaving = name === 'Logout' ? client.logout() : client.delete();
      const call = await server.call(name);
      if (first) stream.end();
      call.answer({ statusCode: 127 });
      expect(await leaving).toEqual({ status: 127 });
      const again = client.login('bob');
      const login = await server.call('Login');
      expect(login.authorization).toBeUndefined();
      login.answer({ statusCode: 8 }, 'another');
      expect(await again).toEqual({ status: 8, unread: 0 });
    },
  );

  test('cancels the stream of a session that is over', async () => {
    const { client, server, stream } = await connectUnaryBob();
    const leaving = client.delete();
    (await server.call('Delete')).answer({ statusCode: 48 });
    expect(await leaving).toEqual({ status: 48 });
    await stream.cancelled;
  });

  test('goes on when a login or a logout was refused', async () => {
    const { client, server } = await connectUnaryBob();
    const login = client.login('ann');
    (await server.call('Login')).answer({ statusCode: 121 });
    expect(await login).toEqual({ status: 121 });
    const logout = client.logout();
    (await server.call('Logout')).answer({ statusCode: 123 });
    expect(await logout).toEqual({ status: 123 });
    const sending = client.send('ann', 'hi');
    const send = await server.call('Send');
    expect(send.authorization).toBe('Bearer the-token');
    send.answer({ statusCode: 24 });
    await sending;
  });
});

describe('the end of a unary session', () => {
  test('that nobody asked for breaks the client with connection-lost', async () => {
    const { client, stream } = await connectUnaryBob();
    stream.end();
    expect(await expectBroken(client)).toMatchObject({ code: 'connection-lost' });
  });

  test('is connection-lost when the server dies', async () => {
    const { client, server } = await connectUnaryBob();
    const search = client.search('*');
    await server.call('Search');
    server.die();
    expect(await expectBroken(client, [search])).toMatchObject({ code: 'connection-lost' });
  });

  test('is noticed without a session and without a call, too', async () => {
    const { client, server } = await connectScripted({ mode: 'unary' });
    server.die();
    expect(await expectBroken(client)).toMatchObject({ code: 'connection-lost' });
  });

  test('is server-stopped when its stream says so; what the server has read is answered first', async () => {
    const { client, server, stream } = await connectUnaryBob();
    const search = client.search('*');
    const call = await server.call('Search');
    stream.fail(GrpcStatus.UNAVAILABLE, 'the server is shutting down');
    server.goAway();
    const late = client.search('a');
    call.answer({ statusCode: 17 });
    expect(await search).toEqual({ status: 17 });
    expect(await expectBroken(client, [late])).toMatchObject({ code: 'server-stopped' });
  });

  test('is that of the stream when a logout that was under way is refused', async () => {
    const { client, server, stream } = await connectUnaryBob();
    client.logout().catch(() => {});
    const call = await server.call('Logout');
    stream.end();
    call.fail(GrpcStatus.UNAUTHENTICATED);
    expect(await expectBroken(client)).toMatchObject({ code: 'connection-lost' });
  });

  test('comes when a server that goes away has let it', async () => {
    const { client, server, stream } = await connectUnaryBob();
    server.goAway();
    stream.write({ sender: 'a', body: 'the last that comes' });
    await take(client, 1);
    const late = client.search('*');
    stream.fail(GrpcStatus.UNAVAILABLE, 'the server is shutting down');
    expect(await expectBroken(client, [late])).toMatchObject({ code: 'server-stopped' });
    expect(server.waiting('Search')).toBe(0);
  });

  test('is connection-lost when a login is answered by a server that goes, whoever listens there then', async () => {
    const { client, server } = await connectScripted({ mode: 'unary' });
    const login = client.login('bob');
    const call = await server.call('Login');
    server.goAway();
    const another = createServer((socket) => socket.destroy());
    const connected = vi.fn();
    another.on('connection', connected);
    another.listen(server.port, '127.0.0.1');
    await once(another, 'listening');
    onTestFinished(() => {
      another.close();
    });
    call.answer({ statusCode: 8 }, 'worth nothing there');
    expect(await login).toEqual({ status: 8, unread: 0 });
    expect(await expectBroken(client)).toMatchObject({ code: 'connection-lost' });
    expect(connected).not.toHaveBeenCalled();
  });
});

import { status as GrpcStatus } from '@grpc/grpc-js';
import { expectBroken } from '@tandem/core/testing';
import { describe, expect, test, vi } from 'vitest';
import { connectUnaryBob, take, unread } from './fixture.ts';

describe('acknowledging over unary calls', () => {
  test('is one call at a time, which says it for all before', async () => {
    const { client, server } = await connectUnaryBob(unread);
    await take(client, 2);
    const first = await server.call('Acknowledge');
    expect(first).toMatchObject({
      authorization: 'Bearer the-token',
      request: { username: 'bob', count: 1 },
    });
    await take(client, 1);
    void client.messages.next();
    await new Promise((resolve) => setImmediate(resolve));
    expect(server.waiting('Acknowledge')).toBe(0);
    first.answer({ statusCode: 56 });
    expect((await server.call('Acknowledge')).request).toMatchObject({ count: 3 });
  });

  test('is confirmed by the response to a later request, which waits for it', async () => {
    const { client, server, stream } = await connectUnaryBob(unread.slice(0, 2));
    await take(client, 2);
    const answered = vi.fn();
    const later = client.search('*').then(answered);
    const acknowledge = await server.call('Acknowledge');
    (await server.call('Search')).answer({ statusCode: 17 });
    // What comes later on the same connection has arrived; so has the response, and is held back.
    stream.write(...unread.slice(2));
    await take(client, 1);
    expect(answered).not.toHaveBeenCalled();
    acknowledge.answer({ statusCode: 56 });
    await later;
  });

  test('comes before the logout, and is not said after it', async () => {
    const { client, server } = await connectUnaryBob(unread);
    await take(client, 2);
    const leaving = client.logout();
    const acknowledge = await server.call('Acknowledge');
    void client.messages.next();
    expect(server.waiting('Logout')).toBe(0);
    acknowledge.answer({ statusCode: 56 });
    (await server.call('Logout')).answer({ statusCode: 40 });
    await leaving;
    expect(server.waiting('Acknowledge')).toBe(0);
  });

  test('comes before the goodbye, which waits for it', async () => {
    const { client, server, stream } = await connectUnaryBob(unread);
    await take(client, 2);
    const closing = client.close();
    const acknowledge = await server.call('Acknowledge');
    acknowledge.answer({ statusCode: 56 });
    await closing;
    await stream.cancelled;
  });

  test.each([
    ['version-mismatch', GrpcStatus.UNIMPLEMENTED],
    ['protocol-error', GrpcStatus.INVALID_ARGUMENT],
    ['protocol-error', GrpcStatus.UNAUTHENTICATED],
    ['server-busy', GrpcStatus.RESOURCE_EXHAUSTED],
  ])('breaks the client with %s when it ends with %i', async (code, status) => {
    const { client, server } = await connectUnaryBob(unread);
    await take(client, 2);
    (await server.call('Acknowledge')).fail(status);
    expect(await expectBroken(client)).toMatchObject({ code });
  });

  test.each([40, 122, 99])(
    'breaks the client with protocol-error when it is answered %i',
    async (statusCode) => {
      const { client, server } = await connectUnaryBob(unread);
      await take(client, 2);
      const search = client.search('*');
      (await server.call('Search')).answer({ statusCode: 17 });
      (await server.call('Acknowledge')).answer({ statusCode });
      expect(await expectBroken(client, [search])).toMatchObject({ code: 'protocol-error' });
    },
  );
});

describe('an acknowledgement that is answered 127, as the store failed for the moment', () => {
  /** Bob's client and server, one message taken, which the server could not confirm. */
  async function connectUnconfirmed() {
    const both = await connectUnaryBob(unread);
    await take(both.client, 2);
    const search = both.client.search('*');
    (await both.server.call('Search')).answer({ statusCode: 17 });
    (await both.server.call('Acknowledge')).answer({ statusCode: 127 });
    expect(await search).toEqual({ status: 127 });
    return both;
  }

  test('makes the responses that wait for it 127, also those that come later', async () => {
    const { client, server } = await connectUnaryBob(unread);
    await take(client, 2);
    const pending = [client.search('*'), client.send('ann', 'hi')];
    const send = await server.call('Send');
    (await server.call('Search')).answer({ statusCode: 16, results: ['ann'] });
    (await server.call('Acknowledge')).answer({ statusCode: 127 });
    expect(await pending[0]).toEqual({ status: 127 });
    send.answer({ statusCode: 24 });
    expect(await pending[1]).toEqual({ status: 127 });
    expect(server.waiting('Acknowledge')).toBe(0);
  });

  test('is tried again with the next request, whose response confirms it', async () => {
    const { client, server } = await connectUnconfirmed();
    const failing = client.search('*');
    (await server.call('Search')).answer({ statusCode: 17 });
    const second = await server.call('Acknowledge');
    expect(second.request).toEqual({ username: 'bob', count: 1 });
    second.answer({ statusCode: 127 });
    expect(await failing).toEqual({ status: 127 });
    const search = client.search('*');
    (await server.call('Acknowledge')).answer({ statusCode: 56 });
    (await server.call('Search')).answer({ statusCode: 17 });
    expect(await search).toEqual({ status: 17 });
    const later = client.search('*');
    (await server.call('Search')).answer({ statusCode: 17 });
    expect(await later).toEqual({ status: 17 });
    expect(server.waiting('Acknowledge')).toBe(0);
  });

  test('is part of the next acknowledgement', async () => {
    const { client, server } = await connectUnconfirmed();
    await take(client, 1);
    const second = await server.call('Acknowledge');
    expect(second.request).toEqual({ username: 'bob', count: 2 });
    const search = client.search('*');
    (await server.call('Search')).answer({ statusCode: 17 });
    second.answer({ statusCode: 56 });
    expect(await search).toEqual({ status: 17 });
    expect(server.waiting('Acknowledge')).toBe(0);
  });

  test('is followed at once by the acknowledgement that waited for it', async () => {
    const { client, server } = await connectUnaryBob(unread);
    await take(client, 2);
    const first = await server.call('Acknowledge');
    const before = client.search('b');
    await take(client, 1);
    const after = client.search('a');
    first.answer({ statusCode: 127 });
    const second = await server.call('Acknowledge');
    expect(second.request).toEqual({ username: 'bob', count: 2 });
    (await server.call('Search')).answer({ statusCode: 17 });
    expect(await before).toEqual({ status: 127 });
    second.answer({ statusCode: 56 });
    (await server.call('Search')).answer({ statusCode: 17 });
    expect(await after).toEqual({ status: 17 });
  });

  test('is tried again before the logout, whose response then is the last word', async () => {
    const { client, server } = await connectUnconfirmed();
    const pending = [client.logout(), client.search('*')];
    const again = await server.call('Acknowledge');
    expect(server.waiting('Logout')).toBe(0);
    again.answer({ statusCode: 127 });
    (await server.call('Logout')).answer({ statusCode: 40 });
    (await server.call('Search')).answer({ statusCode: 17 });
    expect(await Promise.all(pending)).toEqual([{ status: 40 }, { status: 17 }]);
  });

  test('lets the client say goodbye', async () => {
    const { client, server } = await connectUnaryBob(unread);
    await take(client, 2);
    const closing = client.close();
    (await server.call('Acknowledge')).answer({ statusCode: 127 });
    await closing;
    expect(await client.closed).toBeUndefined();
  });
});

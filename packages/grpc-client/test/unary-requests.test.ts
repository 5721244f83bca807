import { status as GrpcStatus } from '@grpc/grpc-js';
import { expectBroken } from '@tandem/core/testing';
import { describe, expect, test } from 'vitest';
import { connectScripted, connectUnaryBob } from './fixture.ts';

describe('unary calls', () => {
  test('overlap, 256 at once, and are answered in whatever order', async () => {
    const { client, server } = await connectUnaryBob();
    const pending = Array.from({ length: 256 }, (_, i) => client.send('ann', String(i)));
    await expect.poll(() => server.waiting('Send')).toBe(256);
    const calls = await Promise.all(pending.map(() => server.call('Send')));
    for (const call of calls.reverse()) {
      const { body } = call.request as { body: string };
      call.answer({ statusCode: Number(body) % 2 === 0 ? 24 : 25 });
    }
    const outcomes = await Promise.all(pending);
    expect(outcomes.map(({ status }) => status)).toEqual(pending.map((_, i) => 24 + (i % 2)));
  });

  test('that change the session wait for all before, and are waited for by all after', async () => {
    const { client, server } = await connectScripted({ mode: 'unary' });
    const calls = [
      client.register('bob'),
      client.login('bob'),
      client.send('ann', 'hi'),
      client.logout(),
      client.send('ann', 'hi'),
    ];
    const register = await server.call('Register');
    expect(server.waiting('Login')).toBe(0);
    register.answer({ statusCode: 1 });
    const login = await server.call('Login');
    expect(server.waiting('Send')).toBe(0);
    login.answer({ statusCode: 8 }, '1234');
    const send = await server.call('Send');
    expect(send).toMatchObject({ authorization: 'Bearer 1234', request: { sender: 'bob' } });
    expect(server.waiting('Logout')).toBe(0);
    send.answer({ statusCode: 24 });
    (await server.call('Logout')).answer({ statusCode: 40 });
    const nobodys = await server.call('Send');
    expect(nobodys).toMatchObject({ authorization: undefined, request: { sender: '' } });
    nobodys.fail(GrpcStatus.UNAUTHENTICATED);
    expect(await Promise.all<unknown>(calls)).toEqual([
      { status: 1 },
      { status: 8, unread: 0 },
      { status: 24 },
      { status: 40 },
      { status: 120 },
    ]);
  });

  test('search in the session from the first search on that is refused outside it', async () => {
    const { client, server } = await connectUnaryBob();
    const search = async (authorization: string | undefined) => {
      const call = await server.call('Search');
      expect(call.authorization).toBe(authorization);
      return call;
    };
    const searches = [client.search('a'), client.search('b')];
    for (const call of [await search(undefined), await search(undefined)]) {
      call.fail(GrpcStatus.UNAUTHENTICATED);
    }
    for (const _ of searches) (await search('Bearer the-token')).answer({ statusCode: 17 });
    expect(await Promise.all(searches)).toEqual([{ status: 17 }, { status: 17 }]);
    const refused = client.search('c');
    (await search('Bearer the-token')).fail(GrpcStatus.UNAUTHENTICATED);
    expect(await refused).toEqual({ status: 120 });
  });

  test('search once when nobody is logged in', async () => {
    const { client, server } = await connectScripted({ mode: 'unary' });
    const search = client.search('a');
    (await server.call('Search')).fail(GrpcStatus.UNAUTHENTICATED);
    expect(await search).toEqual({ status: 120 });
  });

  test.each([
    [120, GrpcStatus.UNAUTHENTICATED],
    [122, GrpcStatus.INVALID_ARGUMENT],
    [123, GrpcStatus.RESOURCE_EXHAUSTED],
  ])('are refused with %i by the gRPC status %i', async (status, code) => {
    const { client, server } = await connectUnaryBob();
    const send = client.send('ann', 'hi');
    (await server.call('Send')).fail(code, 'no');
    expect(await send).toEqual({ status });
  });

  test.each([
    ['server-stopped', GrpcStatus.UNAVAILABLE, 'the server is shutting down'],
    ['connection-lost', GrpcStatus.UNAVAILABLE, 'something between had enough'],
    ['connection-lost', GrpcStatus.INTERNAL, 'something went wrong inside the server'],
    ['response-timeout', GrpcStatus.DEADLINE_EXCEEDED, 'too late'],
    ['protocol-error', GrpcStatus.PERMISSION_DENIED, 'not you'],
    ['version-mismatch', GrpcStatus.UNIMPLEMENTED, 'not here'],
  ] as const)('break the client with %s by %i %s', async (code, status, details) => {
    const { client, server } = await connectScripted({ mode: 'unary' });
    const search = client.search('*');
    (await server.call('Search')).fail(status, details);
    const error = await expectBroken(client, [search]);
    expect(error).toMatchObject({ code, cause: { code: status, details } });
  });

  test.each([
    ['a status that does not exist', 99],
    ['the status of another operation', 24],
    ['a page, which Converse alone has', 18],
  ])('break the client with protocol-error on %s', async (_, statusCode) => {
    const { client, server } = await connectScripted({ mode: 'unary' });
    const search = client.search('*');
    (await server.call('Search')).answer({ statusCode });
    expect(await expectBroken(client, [search])).toMatchObject({ code: 'protocol-error' });
  });

  test('break the client with version-mismatch on a login without a token, as in 2023', async () => {
    const { client, server } = await connectScripted({ mode: 'unary' });
    const login = client.login('bob');
    (await server.call('Login')).answer({ statusCode: 8 });
    expect(await expectBroken(client, [login])).toMatchObject({ code: 'version-mismatch' });
  });

  test('break the client with response-timeout when one owes a response and nothing is heard', async () => {
    const { client } = await connectScripted({ mode: 'unary', responseTimeoutMs: 30 });
    const error = await expectBroken(client, [client.search('*'), client.login('bob')]);
    expect(error.code).toBe('response-timeout');
  });
});

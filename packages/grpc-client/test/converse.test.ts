import { status as GrpcStatus } from '@grpc/grpc-js';
import { expectBroken } from '@tandem/core/testing';
import { describe, expect, test } from 'vitest';
import { connectConverse, connectConverseBob, connectScripted, take, unread } from './fixture.ts';

describe('requests over Converse', () => {
  test('go out unanswered and are answered in their order, messages standing between', async () => {
    const { client, stream } = await connectConverseBob();
    const pending = [client.search('a*'), client.send('ann', 'hi'), client.register('bob')];
    expect(await stream.read()).toEqual({ search: { query: 'a*' } });
    expect(await stream.read()).toEqual({ send: { sender: 'bob', recipient: 'ann', body: 'hi' } });
    expect(await stream.read()).toMatchObject({ register: { username: 'bob' } });
    stream.write(
      { statusCode: 32, messages: [{ sender: 'ann', body: 'yo' }] },
      { statusCode: 16, results: ['ann'] },
      { statusCode: 24 },
      { statusCode: 32, messages: [{ sender: 'ann', body: 'ho' }] },
      { statusCode: 2 },
    );
    expect(await Promise.all(pending)).toEqual([
      { status: 16, usernames: ['ann'] },
      { status: 24 },
      { status: 2 },
    ]);
    expect((await client.messages.next()).value).toEqual({ sender: 'ann', body: 'yo' });
    expect((await client.messages.next()).value).toEqual({ sender: 'ann', body: 'ho' });
  });

  test('are answered in pages', async () => {
    const { client, stream } = await connectConverse();
    const pending = Promise.all([client.login('bob'), client.search('*')]);
    stream.write(
      { statusCode: 12, messages: unread.slice(0, 2) },
      { statusCode: 9, messages: unread.slice(2) },
      { statusCode: 18, results: ['a'] },
      { statusCode: 19, results: ['b'] },
    );
    expect(await pending).toEqual([
      { status: 9, unread: 3 },
      { status: 19, usernames: ['a', 'b'] },
    ]);
    for (const message of unread) expect((await client.messages.next()).value).toEqual(message);
  });

  test('begin a session with a 9 without messages, and without a 13, which a failing store leaves', async () => {
    const { client, stream } = await connectConverse();
    const login = client.login('bob', 'correct horse');
    stream.write({ statusCode: 9 }, { statusCode: 32, messages: [{ sender: 'a', body: 'hi' }] });
    expect(await login).toEqual({ status: 9, unread: 0 });
    expect(client.resumption).toBeUndefined();
    expect((await client.messages.next()).value).toEqual({ sender: 'a', body: 'hi' });
  });

  test.each([120, 122, 123])('may be refused with %i', async (statusCode) => {
    const { client, stream } = await connectConverse();
    const search = client.search('*');
    stream.write({ statusCode });
    expect(await search).toEqual({ status: statusCode });
  });

  test('with content that is not valid are refused without a frame', async () => {
    const { client, stream } = await connectConverseBob();
    expect(await client.register('Łukasz')).toEqual({ status: 122 });
    expect(await client.send('ann', 'a|b')).toEqual({ status: 122 });
    expect(await client.login('')).toEqual({ status: 121 });
    client.search('*').catch(() => {});
    expect(await stream.read()).toEqual({ search: { query: '*' } });
  });
});

describe('acknowledging over Converse', () => {
  test('says once a turn how many messages were taken', async () => {
    const { client, stream } = await connectConverseBob(unread);
    await take(client, 3);
    expect(await stream.read()).toEqual({ acknowledge: { username: '', count: 2 } });
    void client.messages.next();
    expect(await stream.read()).toEqual({ acknowledge: { username: '', count: 3 } });
  });

  test('comes before a later request, and before the goodbye', async () => {
    const { client, stream } = await connectConverseBob(unread);
    await take(client, 2);
    const search = client.search('*');
    expect(await stream.read()).toEqual({ acknowledge: { username: '', count: 1 } });
    expect(await stream.read()).toEqual({ search: { query: '*' } });
    stream.write({ statusCode: 17 });
    await search;
    await take(client, 1);
    const closing = client.close();
    expect(await stream.read()).toEqual({ acknowledge: { username: '', count: 2 } });
    expect(await stream.read()).toBe('end');
    stream.end();
    await closing;
  });
});

describe('a Converse stream that ends', () => {
  test.each([
    ['server-stopped', GrpcStatus.UNAVAILABLE, 'the server is shutting down'],
    ['connection-lost', GrpcStatus.UNAVAILABLE, 'something between had enough'],
    ['connection-lost', GrpcStatus.INTERNAL, 'something went wrong inside the server'],
    ['connection-lost', GrpcStatus.CANCELLED, ''],
    ['server-busy', GrpcStatus.RESOURCE_EXHAUSTED, 'too many streams'],
    ['protocol-error', GrpcStatus.INVALID_ARGUMENT, 'no such operation'],
    ['protocol-error', GrpcStatus.PERMISSION_DENIED, 'not you'],
    ['response-timeout', GrpcStatus.DEADLINE_EXCEEDED, 'too late'],
    ['version-mismatch', GrpcStatus.UNIMPLEMENTED, 'not here'],
  ] as const)('is %s after %i %s', async (code, status, details) => {
    const { client, stream } = await connectConverseBob();
    const pending = [client.search('*'), client.send('ann', 'hi')];
    await stream.read();
    stream.fail(status, details);
    const error = await expectBroken(client, pending);
    expect(error).toMatchObject({ code, cause: { code: status, details } });
  });

  test('is connection-lost when the server ends it though nobody said goodbye', async () => {
    const { client, stream } = await connectConverse();
    const search = client.search('*');
    await stream.read();
    stream.end();
    expect(await expectBroken(client, [search])).toMatchObject({ code: 'connection-lost' });
  });

  test('is connection-lost when the server dies', async () => {
    const { client, server, stream } = await connectConverseBob();
    const search = client.search('*');
    await stream.read();
    server.die();
    expect(await expectBroken(client, [search])).toMatchObject({ code: 'connection-lost' });
  });

  test('is version-mismatch when the server does not know Converse, as that of 2023', async () => {
    const { client } = await connectScripted({ mode: 'converse' }, ['Register', 'Login']);
    const error = await expectBroken(client);
    expect(error.code).toBe('version-mismatch');
    expect(error.message).toMatch(/does not know Converse .* speaks an older contract/);
  });

  test('goes on for as long as a server that goes away lets it', async () => {
    const { client, server, stream } = await connectConverseBob();
    server.goAway();
    const search = client.search('*');
    await stream.read();
    stream.write({ statusCode: 17 });
    expect(await search).toEqual({ status: 17 });
    stream.fail(GrpcStatus.UNAVAILABLE, 'the server is shutting down');
    expect(await expectBroken(client)).toMatchObject({ code: 'server-stopped' });
  });

  test('is response-timeout when the server owes a response and says nothing', async () => {
    const { client, stream } = await connectConverse({ responseTimeoutMs: 30 });
    const error = await expectBroken(client, [client.search('*'), client.search('a')]);
    expect(error.code).toBe('response-timeout');
    await stream.cancelled;
  });
});

describe('a server that breaks the rules of Converse', () => {
  test.each([
    ['a status that does not exist', { statusCode: 99 }],
    ['the status of another operation', { statusCode: 24 }],
    ['56, which has no place in a frame', { statusCode: 56 }],
    ['a message outside a session', { statusCode: 32, messages: [{ sender: 'a', body: 'hi' }] }],
    ['an incoming frame without a message', { statusCode: 32 }],
    ['pages of another operation', { statusCode: 12, messages: unread }],
  ])('is a protocol-error on %s', async (_, frame) => {
    const { client, stream } = await connectConverse();
    const search = client.search('*');
    stream.write(frame);
    const error = await expectBroken(client, [search]);
    expect(error.code).toBe('protocol-error');
    expect(error.message).toMatch(/is this a Tandem gRPC server\?/);
  });

  test('is a protocol-error on pages that break off', async () => {
    const { client, stream } = await connectConverse();
    const search = client.search('*');
    stream.write({ statusCode: 18, results: ['a'] }, { statusCode: 17 });
    expect(await expectBroken(client, [search])).toMatchObject({ code: 'protocol-error' });
  });

  test('is a protocol-error on a search that never ends', async () => {
    const { client, stream } = await connectConverse();
    const search = client.search('*');
    const page = { statusCode: 18, results: ['a'.repeat(60_000)] };
    stream.write(...Array(9).fill(page));
    expect(await expectBroken(client, [search])).toMatchObject({ code: 'protocol-error' });
  });

  test('is a protocol-error on a response to nothing', async () => {
    const { client, stream } = await connectConverse();
    stream.write({ statusCode: 24 });
    expect(await expectBroken(client)).toMatchObject({ code: 'protocol-error' });
  });
});

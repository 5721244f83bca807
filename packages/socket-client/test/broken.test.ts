import { expectBroken } from '@tandem/core/testing';
import { describe, expect, test } from 'vitest';
import { connectBob, connectGreeted, connectScripted } from './fixture.ts';

describe('a server that goes away', () => {
  test('is connection-lost for all that is under way and all that comes later', async () => {
    const { client, server } = await connectGreeted();
    const pending = [client.register('bob'), client.search('*')];
    expect(await server.read(10)).toBe('\x01\x00\x03bob\x03\x00\x01*');
    server.end('\x01');
    expect(await pending[0]).toEqual({ status: 1 });
    const error = await expectBroken(client, [pending[1] as Promise<unknown>]);
    expect(error.code).toBe('connection-lost');
    expect(error.message).not.toMatch(/middle/);
  });

  test('is connection-lost, and says so, in the middle of a response', async () => {
    const { client, server } = await connectGreeted();
    const search = client.search('*');
    server.end('\x10\x00\x07bob|al');
    const error = await expectBroken(client, [search]);
    expect(error.code).toBe('connection-lost');
    expect(error.message).toMatch(/in the middle of a response/);
  });

  test('is connection-lost with the cause when it resets the connection', async () => {
    const { client, server } = await connectBob();
    const send = client.send('bob', 'hi');
    await server.read(3 + 10);
    server.reset();
    const error = await expectBroken(client, [send]);
    expect(error).toMatchObject({ code: 'connection-lost', cause: { code: 'ECONNRESET' } });
  });

  test('is server-stopped when it said so; what it answered before is answered', async () => {
    const { client, server } = await connectGreeted();
    const pending = [client.register('bob'), client.search('*'), client.search('a')];
    server.write('\x7c\x01\x11');
    expect(await Promise.all(pending.slice(0, 2))).toEqual([{ status: 1 }, { status: 17 }]);
    server.end();
    const error = await expectBroken(client, pending.slice(2));
    expect(error.code).toBe('server-stopped');
  });

  test('is server-stopped also when the end is a reset', async () => {
    const { client, server } = await connectGreeted();
    const search = client.search('*');
    server.write('\x7c\x11');
    await search;
    server.reset();
    expect(await expectBroken(client)).toMatchObject({ code: 'server-stopped' });
  });

  test('is response-timeout when it owes a response and says nothing', async () => {
    const { client } = await connectGreeted({ responseTimeoutMs: 20 });
    const error = await expectBroken(client, [client.search('*'), client.search('a')]);
    expect(error.code).toBe('response-timeout');
  });
});

describe('a server at its limit', () => {
  test('is server-busy when nothing was asked', async () => {
    const { client, server } = await connectScripted();
    server.end('\x81\x7b');
    expect(await expectBroken(client)).toMatchObject({ code: 'server-busy' });
  });

  test('is server-busy when something was asked already', async () => {
    const { client, server } = await connectScripted();
    const login = client.login('bob');
    server.end('\x81\x7b');
    expect(await expectBroken(client, [login])).toMatchObject({ code: 'server-busy' });
  });

  test('is server-busy later too, when nothing was asked', async () => {
    const { client, server } = await connectBob();
    server.write('\x7b');
    expect(await expectBroken(client)).toMatchObject({ code: 'server-busy' });
  });

  test('may answer 123 to the first request and go on', async () => {
    const { client, server } = await connectGreeted();
    const pending = [client.search('*'), client.search('*')];
    server.write('\x7b\x11');
    expect(await Promise.all(pending)).toEqual([{ status: 123 }, { status: 17 }]);
  });

  test('may answer 123 to the first request and say nothing more', async () => {
    const { client, server } = await connectGreeted();
    const search = client.search('*');
    server.write('\x7b');
    expect(await search).toEqual({ status: 123 });
    const again = client.search('*');
    server.write('\x7b');
    expect(await again).toEqual({ status: 123 });
  });
});

describe('a server that breaks the protocol', () => {
  test.each([
    ['a status that does not exist', '\x63'],
    ['the status of another operation', '\x18'],
    ['56, which has no place on a socket', '\x38'],
    ['126', '\x7e'],
    ['a message outside a session', '\x20\x00\x04a|hi'],
    ['pages that break off', '\x12\x00\x03bob\x11'],
    ['pages of another operation', '\x0c\x00\x04a|hi'],
  ])('breaks with protocol-error on %s', async (_, bytes) => {
    const { client, server } = await connectGreeted();
    const search = client.search('*');
    server.write(bytes);
    const error = await expectBroken(client, [search]);
    expect(error.code).toBe('protocol-error');
    expect(error.message).toMatch(/is this a Tandem socket server\?/);
  });

  test('breaks with protocol-error on a message between the pages of a login', async () => {
    const { client, server } = await connectGreeted();
    const login = client.login('bob');
    server.write('\x0c\x00\x04a|hi\x20\x00\x04a|ho');
    expect(await expectBroken(client, [login])).toMatchObject({ code: 'protocol-error' });
  });

  test('breaks with protocol-error on a response to nothing', async () => {
    const { client, server } = await connectGreeted();
    server.write('\x18');
    expect(await expectBroken(client)).toMatchObject({ code: 'protocol-error' });
  });

  test('breaks with protocol-error on a search that never ends', async () => {
    const { client, server } = await connectGreeted();
    const search = client.search('*');
    const page = `\x12\xff\xff${'a'.repeat(65_535)}`;
    server.write(page.repeat(8));
    expect(await expectBroken(client, [search])).toMatchObject({ code: 'protocol-error' });
  });
});

import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { expectBroken } from '@tandem/core/testing';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { connectSocketClient } from '../src/index.ts';
import { connectGreeted, connectScripted } from './fixture.ts';
import { ScriptedServer } from './scripted-server.ts';

async function unusedPort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

describe('connecting', () => {
  test('sends the version and the first requests together, without waiting for the server', async () => {
    const { client, server } = await connectScripted();
    const answers = Promise.all([client.register('bob'), client.login('bob')]);
    expect(await server.read(13)).toBe('\x81\x01\x00\x03bob\x02\x00\x03bob');
    server.write('\x81\x01\x08');
    expect(await answers).toEqual([{ status: 1 }, { status: 8, unread: 0 }]);
  });

  test('sends the version also when nothing is asked', async () => {
    const { server } = await connectScripted();
    expect(await server.read(1)).toBe('\x81');
  });

  test('rejects with connect-failed when nobody listens', async () => {
    const connecting = connectSocketClient({ host: '127.0.0.1', port: await unusedPort() });
    await expect(connecting).rejects.toMatchObject({
      code: 'connect-failed',
      message: expect.stringMatching(
        /nobody listens there \(ECONNREFUSED\); is the server running/,
      ),
      cause: expect.objectContaining({ code: 'ECONNREFUSED' }),
    });
  });

  test('rejects with connect-failed when there is no such host', async () => {
    const connecting = connectSocketClient({ host: 'nowhere.invalid', port: 22067 });
    await expect(connecting).rejects.toMatchObject({ code: 'connect-failed' });
  });

  test('rejects with connect-failed when the host is empty', async () => {
    await expect(connectSocketClient({ host: '', port: 22067 })).rejects.toMatchObject({
      code: 'connect-failed',
      message: 'cannot connect to :22067: the name of the host is empty; is the host right?',
    });
  });

  test('rejects with connect-failed when the port is none', async () => {
    const connecting = connectSocketClient({ host: '127.0.0.1', port: 65_536 });
    await expect(connecting).rejects.toMatchObject({
      code: 'connect-failed',
      message: expect.stringContaining('there is no port 65536'),
    });
  });

  test('rejects with closed when the signal is aborted, before or while connecting', async () => {
    const port = await unusedPort();
    const reason = new Error('changed my mind');
    const aborted = { code: 'closed', cause: reason };
    const before = { host: '127.0.0.1', port, signal: AbortSignal.abort(reason) };
    await expect(connectSocketClient(before)).rejects.toMatchObject(aborted);

    const controller = new AbortController();
    const connecting = connectSocketClient({ ...before, signal: controller.signal });
    controller.abort(reason);
    await expect(connecting).rejects.toMatchObject(aborted);
  });

  test('ignores the signal once connected', async () => {
    const controller = new AbortController();
    const { client, server } = await connectGreeted({ signal: controller.signal });
    controller.abort();
    const search = client.search('*');
    server.write('\x11');
    expect(await search).toEqual({ status: 17 });
  });
});

describe('the version', () => {
  test('breaks with version-mismatch when the server speaks another', async () => {
    const { client, server } = await connectScripted();
    const login = client.login('bob');
    server.end('\x82');
    const error = await expectBroken(client, [login]);
    expect(error.code).toBe('version-mismatch');
    expect(error.message).toMatch(/speaks version 2, this client version 1/);
  });

  test.each([
    ['an SSH banner', 'SSH-2.0-OpenSSH_9.2\r\n', 'it begins with "SSH-2.0-OpenSSH_9.2"'],
    ['an HTTP error', 'HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n', 'HTTP'],
    ['the settings of HTTP/2', '\x00\x00\x00\x04\x00\x00\x00\x00\x00', 'HTTP/2, as gRPC does'],
    ['a zero', '\x00', 'its first byte is 0'],
    ['a status of the seed dialect', '\x7e', 'its first byte is 126'],
  ])('breaks with version-mismatch on %s', async (_, greeting, speaks) => {
    const { client, server } = await connectScripted();
    server.write(greeting);
    const error = await expectBroken(client);
    expect(error.code).toBe('version-mismatch');
    expect(error.message).toContain(
      `it speaks another protocol (${speaks}); is this a Tandem socket server?`,
    );
  });

  test('says of a TLS alert that --tls is missing', async () => {
    const { client, server } = await connectScripted();
    server.write('\x15\x03\x01\x00\x02\x02\x46');
    const error = await expectBroken(client);
    expect(error.code).toBe('tls-failed');
    expect(error.message).toContain('it speaks TLS; should --tls be added?');
  });

  test('breaks with connect-timeout when the server stays silent', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    onTestFinished(() => void vi.useRealTimers());
    const { client } = await connectScripted({ connectTimeoutMs: 20 });
    vi.advanceTimersByTime(20);
    const error = await expectBroken(client, [client.search('*')]);
    expect(error.code).toBe('connect-timeout');
    expect(error.message).toMatch(/sent nothing within \d+ ms/);
  });

  test('comes before the client is connected, if it waits for it', async () => {
    const scripted = await ScriptedServer.start();
    onTestFinished(() => scripted.stop());
    const options = { host: '127.0.0.1', port: scripted.port, waitForVersion: true };
    let isConnected = false;
    const connecting = connectSocketClient(options).then((client) => {
      isConnected = true;
      return client;
    });
    const server = await scripted.connection();
    expect(await server.read(1)).toBe('\x81');
    expect(isConnected).toBe(false);
    server.write('\x81');
    await (await connecting).close();
  });

  test('is followed by 123 at once when the server is busy, and then nothing is connected', async () => {
    const scripted = await ScriptedServer.start();
    onTestFinished(() => scripted.stop());
    const options = { host: '127.0.0.1', port: scripted.port, waitForVersion: true };
    const connecting = connectSocketClient(options);
    (await scripted.connection()).end('\x81\x7b');
    await expect(connecting).rejects.toMatchObject({ code: 'server-busy' });
  });

  test('once said, does not time out any more', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    onTestFinished(() => {
      vi.useRealTimers();
    });
    const { client, server } = await connectGreeted({ connectTimeoutMs: 20 });
    const search = client.search('*');
    server.write('\x11');
    await search;
    vi.advanceTimersByTime(1_000);
    const later = client.search('*');
    server.write('\x11');
    expect(await later).toEqual({ status: 17 });
  });

  test('breaks with connect-failed when the server hangs up instead', async () => {
    const { client, server } = await connectScripted();
    server.end();
    const error = await expectBroken(client);
    expect(error.code).toBe('connect-failed');
    expect(error.message).toMatch(/is this a Tandem socket server\?/);
  });
});

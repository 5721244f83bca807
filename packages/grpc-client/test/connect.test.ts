import { once } from 'node:events';
import { createServer as createHttpServer } from 'node:http';
import { createServer as createHttp2Server } from 'node:http2';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { expectBroken } from '@tandem/core/testing';
import { describe, expect, onTestFinished, test } from 'vitest';
import { connectGrpcClient, flowControlWindowBytes } from '../src/index.ts';
import { connectScripted } from './fixture.ts';

const host = '127.0.0.1';

async function listening(server: Server): Promise<number> {
  server.listen(0, host);
  await once(server, 'listening');
  onTestFinished(() => {
    server.close();
  });
  return (server.address() as AddressInfo).port;
}

async function unusedPort(): Promise<number> {
  const server = createServer();
  const port = await listening(server);
  server.close();
  await once(server, 'close');
  return port;
}

describe.each(['converse', 'unary'] as const)('connecting for %s', (mode) => {
  test('rejects with connect-failed when nobody listens', async () => {
    const connecting = connectGrpcClient({ host, port: await unusedPort(), mode });
    await expect(connecting).rejects.toMatchObject({
      code: 'connect-failed',
      message: expect.stringMatching(
        /nobody listens there \(ECONNREFUSED\); is the server running/,
      ),
      cause: expect.objectContaining({ details: expect.stringMatching(/ECONNREFUSED/) }),
    });
  });

  test('rejects with connect-failed when there is no such host', async () => {
    const connecting = connectGrpcClient({ host: 'nowhere.invalid', port: 22068, mode });
    await expect(connecting).rejects.toMatchObject({
      code: 'connect-failed',
      message: expect.stringMatching(/^cannot connect to nowhere\.invalid:22068: .*; is the /),
    });
  });

  test('rejects with connect-failed, and looks nothing up, when the host is empty', async () => {
    await expect(connectGrpcClient({ host: '', port: 22068, mode })).rejects.toMatchObject({
      code: 'connect-failed',
      message: 'cannot connect to :22068: the name of the host is empty; is the host right?',
    });
  });

  test.each([
    ['a port that is none', { host, port: 65_536 }],
    ['a host that is none', { host: 'not a host', port: 22068 }],
  ])('rejects with connect-failed for %s', async (_, where) => {
    await expect(connectGrpcClient({ ...where, mode })).rejects.toMatchObject({
      code: 'connect-failed',
    });
  });

  test('rejects with connect-timeout when what listens says nothing', async () => {
    const port = await listening(createServer((socket) => socket.on('error', () => {})));
    const connecting = connectGrpcClient({ host, port, mode, connectTimeoutMs: 50 });
    await expect(connecting).rejects.toMatchObject({
      code: 'connect-timeout',
      message: expect.stringMatching(/within \d+ ms/),
    });
  });

  test('lets a server have a mebibyte under way before it makes its first call', async () => {
    const server = createHttp2Server();
    const windows = new Promise((resolve) => {
      server.on('stream', ({ session }) => {
        const { remoteWindowSize } = session?.state ?? {};
        resolve([remoteWindowSize, session?.remoteSettings.initialWindowSize]);
        session?.destroy();
      });
    });
    const client = await connectGrpcClient({ host, port: await listening(server), mode });
    const search = client.search('*');
    expect(await windows).toEqual([flowControlWindowBytes, flowControlWindowBytes]);
    expect(flowControlWindowBytes).toBe(2 ** 20);
    await expect(search).rejects.toThrow();
    await client.close();
  });

  test('rejects with version-mismatch when what listens does not speak HTTP/2', async () => {
    const port = await listening(createHttpServer());
    await expect(connectGrpcClient({ host, port, mode })).rejects.toMatchObject({
      code: 'version-mismatch',
      message: expect.stringMatching(/is this a Tandem gRPC server\?/),
    });
  });

  test('rejects with version-mismatch when it answers as our socket server does', async () => {
    const port = await listening(createServer((socket) => socket.write('\x7e'.repeat(24))));
    await expect(connectGrpcClient({ host, port, mode })).rejects.toMatchObject({
      code: 'version-mismatch',
    });
  });

  test('rejects when what listens hangs up', async () => {
    const port = await listening(createServer((socket) => socket.destroy()));
    await expect(connectGrpcClient({ host, port, mode })).rejects.toMatchObject({
      code: 'connect-failed',
    });
  });

  test('breaks with version-mismatch when what listens speaks HTTP/2, but not gRPC', async () => {
    const server = createHttp2Server((_, response) => {
      response.statusCode = 404;
      response.end('not here');
    });
    const port = await listening(server);
    const client = await connectGrpcClient({ host, port, mode });
    const error = await expectBroken(client, [client.search('*')]);
    expect(error.code).toBe('version-mismatch');
    expect(error.message).toMatch(/is this a Tandem gRPC server\?/);
  });

  test('rejects with closed when the signal is aborted, before or while connecting', async () => {
    const port = await listening(createServer((socket) => socket.on('error', () => {})));
    const reason = new Error('changed my mind');
    const aborted = { code: 'closed', cause: reason };
    const before = { host, port, mode, signal: AbortSignal.abort(reason) };
    await expect(connectGrpcClient(before)).rejects.toMatchObject(aborted);

    const controller = new AbortController();
    const connecting = connectGrpcClient({ ...before, signal: controller.signal });
    controller.abort(reason);
    await expect(connecting).rejects.toMatchObject(aborted);
  });

  test('ignores the signal once connected', async () => {
    const controller = new AbortController();
    const { client } = await connectScripted({ mode, signal: controller.signal });
    controller.abort();
    expect(await client.search('not valid')).toEqual({ status: 122 });
  });
});
